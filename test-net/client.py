#!/usr/bin/env python3
"""A TCP client on loopback that says exactly what happened. usage: client.py MODE PORT|unix:PATH [ARGUMENT...]

digest PORT BYTES            sends the pattern, half-closes, expects the SHA-256 of it as the answer
echoed PORT BYTES            sends the pattern to an echo service and compares what comes back; no half-close
fetch PORT BYTES [reset]     reads to the end, expects the pattern whole, then a clean end (or a reset, which a Kubo now and then sends for one)
many MODE PORT COUNT BYTES   one of the three, COUNT times at once
late PORT BYTES              reads to the end, then sends that many bytes and half-closes, prints how many were read
outcome PORT [BYTES]         reads to the end, or after so many bytes writes "there" and goes on; prints "end COUNT" or "reset COUNT"
pushed PORT                  sends without end, prints "refused" when that fails (the far side has gone)
invain PORT COUNT            connects so often, sends a line, and fails when a single byte ever comes back
ask PORT TEXT                sends the text, half-closes, prints the answer
line PORT TEXT               sends the text, prints the first line of the answer
linehalf PORT TEXT           that, and half-closes before it reads
abort PORT BYTES             sends the pattern to an echo service, resets the connection once all of it has come back
killed PORT BYTES            reads that many bytes, then is killed with more on the way
first PORT SECONDS           connects to an echo service, again and again, until a byte comes back; prints the time of that (seconds of the
                             epoch) and how many connections it took
dialogue PORT                prints the first line the service says, then checks an echo
"""
import hashlib
import socket
import sys
import threading
import time

from service import die, pattern, receive, received, reset


def connect(where):
    if where.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(60)
        connection.connect(where[5:])
        return connection
    return socket.create_connection(("127.0.0.1", int(where)), timeout=60)


def send(connection, total):
    for part in pattern(total):
        connection.sendall(part)


def expect(total, actual, count):
    hash = hashlib.sha256()
    for part in pattern(total):
        hash.update(part)
    if actual != hash.hexdigest():
        raise SystemExit(f"{count} bytes of {total} arrived, or others")


def digest(where, total):
    with connect(where) as connection:
        send(connection, total)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(received(connection)).decode().strip()
    expect(total, answer, f"SHA-256 {answer!r} of the")


def echoed(where, total):
    hash, count = hashlib.sha256(), 0
    with connect(where) as connection:
        sender = threading.Thread(target=send, args=(connection, total))
        sender.start()
        while count < total and (part := connection.recv(1 << 18)):
            hash.update(part)
            count += len(part)
        sender.join()
    expect(total, hash.hexdigest(), count)


def fetch(where, total, last="end"):
    hash, count = hashlib.sha256(), 0
    try:
        with connect(where) as connection:
            for part in received(connection):
                hash.update(part)
                count += len(part)
    except ConnectionResetError:
        if last != "reset" or count < total:
            raise
    expect(total, hash.hexdigest(), count)


TRANSFERS = {"digest": digest, "echoed": echoed, "fetch": fetch}


def many(mode, where, count, total):
    failures = []

    def once():
        try:
            TRANSFERS[mode](where, int(total))
        except (OSError, SystemExit) as error:
            failures.append(str(error))

    threads = [threading.Thread(target=once) for _ in range(int(count))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"{len(failures)} of {count} failed, the first: {failures[0]}")


def outcome(where, milestone="0"):
    count, told = 0, milestone == "0"
    try:
        with connect(where) as connection:
            for part in received(connection):
                count += len(part)
                if not told and count >= int(milestone):
                    told = True
                    print("there", flush=True)
        print("end", count)
    except ConnectionResetError:
        print("reset", count)


def late(where, total):
    with connect(where) as connection:
        print(sum(map(len, received(connection))))
        send(connection, int(total))
        connection.shutdown(socket.SHUT_WR)


def pushed(where):
    with connect(where) as connection:
        try:
            while True:
                send(connection, 1 << 20)
        except (ConnectionResetError, BrokenPipeError):
            print("refused")


def ask(where, text):
    with connect(where) as connection:
        connection.sendall(text.encode())
        connection.shutdown(socket.SHUT_WR)
        print(b"".join(received(connection)).decode(), end="")


def first(where, seconds):
    end, attempts = time.time() + float(seconds), 0
    while time.time() < end:
        attempts += 1
        try:
            with connect(where) as connection:
                connection.settimeout(max(0.1, end - time.time()))
                connection.sendall(b"x")
                if connection.recv(1) == b"x":
                    print(time.time(), attempts)
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"nothing came back in {seconds} seconds, from {attempts} connections")


def invain(where, count):
    for attempt in range(int(count)):
        try:
            with connect(where) as connection:
                connection.sendall(b"hello\n")
                if sum(map(len, received(connection))):
                    raise SystemExit(f"attempt {attempt} was answered")
        except (ConnectionResetError, BrokenPipeError):
            pass


def line(where, text, half_close=False):
    with connect(where) as connection:
        connection.sendall(text.encode())
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        print(connection.makefile().readline(), end="")


def abort(where, total):
    connection = connect(where)
    send(connection, int(total))
    receive(connection, int(total)) # all of it: Kubo takes a reset that meets a write of its own for a clean end
    reset(connection)


def killed(where, total):
    with connect(where) as connection:
        receive(connection, int(total))
        die()


def dialogue(where):
    with connect(where) as connection:
        print(connection.recv(100).decode().strip())
        connection.sendall(b"hello")
        if connection.recv(100) != b"hello":
            raise SystemExit("no echo")


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    mode, *arguments = sys.argv[1:]
    modes = {mode: lambda where, total, *rest, transfer=transfer: transfer(where, int(total), *rest) for mode, transfer in TRANSFERS.items()}
    modes |= {"many": many, "outcome": outcome, "invain": invain, "late": late, "pushed": pushed, "ask": ask, "line": line, "abort": abort, "killed": killed,
              "linehalf": lambda where, text: line(where, text, True), "dialogue": dialogue, "first": first}
    modes[mode](*arguments)


if __name__ == "__main__":
    main()
