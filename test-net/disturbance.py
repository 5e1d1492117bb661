#!/usr/bin/env python3
"""How much abuse of a control socket disturbs a tunnel of the same daemon. usage: disturbance.py KIND SOCKET PORT

KIND     connections (opened without end, 500 of them kept), slow (100 clients, a byte at a time), headers (far too many), bodies (no JSON, too deep)
PORT     where a tunnel leads to an echo service

The abuser takes a core of its own from the tunnel, whomever it abuses. So round trips are compared with those beside the same abuse of somebody else: a server
in this program that treats it much as the daemon must. Both take turns, the 99th percentiles of a turn and of the turn before make a quotient, and what counts
is the median of all quotients. Ends with 0 when that is at most 1.5; a machine that is busy with other things may need more turns until it shows.
Prints the kind, the quotient, the median of the percentiles beside the other server and beside the daemon in microseconds, and how many abuses of each a second.
"""
import json
import multiprocessing
import os
import selectors
import socket
import statistics
import sys
import tempfile
import time

import abuse

MOST = 1.5
TURNS, MOST_TURNS = 9, 45
TRIPS = 1000
HELD = 500  # connections of one abuser; more than are served and refused together
SLOW = 100
ABUSERS = {"connections": 2, "slow": 1, "headers": 4, "bodies": 4}


# ---- the abusers: each yields once for each deed

def connections(path):
    held = []
    while True:
        try:
            held.append(abuse.connect(path))
        except OSError:  # the queue is full
            time.sleep(0.001)
        if len(held) > HELD:
            held.pop(0).close()
        yield


def slow(path):
    clients = []
    while True:
        while len(clients) < SLOW:
            client = abuse.connect(path)
            client.sendall(b"POST /api/v0/id HTTP/1.1\r\nHost: adit\r\nX: ")
            clients.append(client)
        for client in list(clients):
            try:
                client.sendall(b"x")
            except OSError:
                clients.remove(client)
            time.sleep(0.0002)
            yield


def headers(path):
    while True:
        abuse.answer(path, b"POST /api/v0/id HTTP/1.1\r\nHost: adit\r\n" + b"X: y\r\n" * 100_000)
        yield


def bodies(path):
    number = 0
    while True:
        abuse.answer(path, abuse.request(number))
        number += 1
        yield


def abuse_all(kind, path, count):
    for _ in {"connections": connections, "slow": slow, "headers": headers, "bodies": bodies}[kind](path):
        count.value += 1


# ---- the other server: keeps 256 connections, takes 16 kB of headers, parses bodies

class Other:
    def __init__(self, path):
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(path)
        self.listening.listen(1024)
        self.open = {}

    def serve(self):
        with selectors.DefaultSelector() as ready:
            ready.register(self.listening, selectors.EVENT_READ)
            while True:
                for key, _ in ready.select():
                    if key.fileobj is not self.listening:
                        self.take(ready, key.fileobj)
                        continue
                    connection = self.listening.accept()[0]
                    if len(self.open) < 256:
                        self.open[connection] = bytearray()
                        ready.register(connection, selectors.EVENT_READ)
                    else:
                        connection.close()

    def take(self, ready, connection):
        try:
            part = connection.recv(1 << 16)
            text = self.open[connection]
            if text is not None:
                text += part
                if answer := answer_to(text):
                    connection.sendall(answer)
                    connection.shutdown(socket.SHUT_WR)
                    self.open[connection] = None  # what still comes is read, so that the answer arrives
            if part:
                return
        except OSError:
            pass
        ready.unregister(connection)
        del self.open[connection]
        connection.close()


def answer_to(text):
    """None as long as it is not all there."""
    end = text.find(b"\r\n\r\n", 0, 1 << 14)
    if end < 0:
        return b"HTTP/1.1 431\r\n\r\n" if len(text) > 1 << 14 else None
    length = text.rfind(b"Content-Length: ", 0, end)
    if length < 0:
        return b"HTTP/1.1 400\r\n\r\n"
    if len(text) < end + 4 + int(text[length + 16:end]):
        return None
    try:
        json.loads(text[end + 4:])
    except (ValueError, RecursionError):
        pass
    return b"HTTP/1.1 500\r\n\r\n"


# ---- turns

def turn(kind, path, port):
    """The 99th percentile of round trips beside the abuse, and how many abuses there were a second."""
    counts = [multiprocessing.Value("q", 0) for _ in range(ABUSERS[kind])]
    abusers = [multiprocessing.Process(target=abuse_all, args=(kind, path, count), daemon=True) for count in counts]
    for abuser in abusers:
        abuser.start()
    end = time.monotonic() + 30
    while any(count.value < (2 * SLOW if kind == "slow" else 3) for count in counts):
        if not all(abuser.is_alive() for abuser in abusers) or time.monotonic() > end:
            raise SystemExit(f"{kind}: the abusers do not get on with {path}")
        time.sleep(0.001)
    begin, before = time.monotonic(), sum(count.value for count in counts)
    percentile = abuse.round_trips(port, TRIPS)[1]
    rate = (sum(count.value for count in counts) - before) / (time.monotonic() - begin)
    for abuser in abusers:
        abuser.kill()
        abuser.join()
    return percentile, rate


def main():
    kind, path, port = sys.argv[1:]
    with tempfile.TemporaryDirectory() as directory:
        other = Other(os.path.join(directory, "sock"))
        multiprocessing.Process(target=other.serve, daemon=True).start()
        targets = {"quiet": other.listening.getsockname(), "during": path}
        turns = {name: [] for name in targets}
        for target in targets.values():
            turn(kind, target, port)
        quotient = MOST + 1
        while (done := len(turns["quiet"])) < TURNS or quotient > MOST and done < MOST_TURNS:
            for name in sorted(targets, reverse=done % 2 == 0):
                turns[name].append(turn(kind, targets[name], port))
            quotient = statistics.median(during[0] / quiet[0] for during, quiet in zip(turns["during"], turns["quiet"], strict=True))
    (quiet, rate), (during, rate_during) = ([round(statistics.median(values)) for values in zip(*turns[name], strict=True)] for name in ("quiet", "during"))
    print(f"{kind}: {quotient:.2f} ({quiet} and {during} µs, {rate} and {rate_during} abuses a second, {done} turns)")
    return quotient > MOST


if __name__ == "__main__":
    sys.exit(main())
