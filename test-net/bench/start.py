#!/usr/bin/env python3
"""Prints milliseconds: from starting the daemon to its word that it is ready; one call of the command line that asks it (median of seven);
one that does not (`version`). usage: start.py PROGRAM   with its directory in the environment"""
import statistics
import subprocess
import sys
import threading
import time


def milliseconds(words):
    begin = time.monotonic()
    call = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # not with a timeout of Python's, which looks for the end in pauses of up to 50 ms
    limit = threading.Timer(20, call.kill)
    limit.start()
    status = call.wait()
    took = time.monotonic() - begin
    limit.cancel()
    if status != 0:
        raise subprocess.CalledProcessError(status, words)
    return took * 1000


program = sys.argv[1]
begin = time.monotonic()
daemon = subprocess.Popen([program, "daemon"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
try:
    for line in daemon.stdout:
        if b"Daemon is ready" in line:
            break
    else:
        sys.exit("the daemon ended before it was ready")
    ready = (time.monotonic() - begin) * 1000
    call = statistics.median(milliseconds([program, "p2p", "ls"]) for _ in range(7))
    version = statistics.median(milliseconds([program, "version"]) for _ in range(3))
    print(f"{ready:.0f} {call:.1f} {version:.1f}")
finally:
    daemon.terminate()
    try:
        daemon.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        daemon.kill()
