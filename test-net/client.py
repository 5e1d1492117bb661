#!/usr/bin/env python3
"""A TCP client on loopback that says exactly what happened. usage: client.py MODE PORT|unix:PATH [ARGUMENT...]

digest PORT BYTES         sends the pattern, half-closes, expects the SHA-256 of it as the answer
many PORT COUNT BYTES     that, COUNT times at once
echoed PORT BYTES         sends the pattern to an echo service and compares what comes back; no half-close
manyechoed PORT COUNT BYTES  that, COUNT times at once
fetch PORT BYTES          reads to the end, expects the pattern whole, then a clean end
outcome PORT              reads to the end, prints "end BYTES" or "reset BYTES"
ask PORT TEXT             sends the text, half-closes, prints the answer
linehalf PORT TEXT        sends the text, half-closes, prints the first line of the answer
line PORT TEXT            sends the text, prints the first line of the answer
abort PORT BYTES          sends the pattern, then resets the connection
dialogue PORT             prints the first line the service says, then checks an echo
"""
import hashlib
import socket
import struct
import sys
import threading

from service import pattern, reset


def connect(where):
    if where.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(60)
        connection.connect(where[5:])
        return connection
    return socket.create_connection(("127.0.0.1", int(where)), timeout=60)


def read_all(connection):
    data = b""
    while part := connection.recv(1 << 16):
        data += part
    return data


def digest(where, total):
    expected = hashlib.sha256()
    with connect(where) as connection:
        for part in pattern(total):
            connection.sendall(part)
            expected.update(part)
        connection.shutdown(socket.SHUT_WR)
        answer = read_all(connection).decode().strip()
    if answer != expected.hexdigest():
        raise SystemExit(f"sent {expected.hexdigest()}, the service received {answer!r}")


def echoed(where, total):
    expected, actual, count = hashlib.sha256(), hashlib.sha256(), 0
    with connect(where) as connection:

        def send():
            for part in pattern(total):
                connection.sendall(part)

        sender = threading.Thread(target=send)
        sender.start()
        while count < total and (data := connection.recv(1 << 18)):
            actual.update(data)
            count += len(data)
        sender.join()
    for part in pattern(total):
        expected.update(part)
    if actual.digest() != expected.digest():
        raise SystemExit(f"{count} bytes of {total} came back, or others")


def many(one, where, count, total):
    failures = []

    def once():
        try:
            one(where, total)
        except (OSError, SystemExit) as error:
            failures.append(str(error))

    threads = [threading.Thread(target=once) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"{len(failures)} of {count} failed, the first: {failures[0]}")


def fetch(where, total):
    expected, actual, count = hashlib.sha256(), hashlib.sha256(), 0
    for part in pattern(total):
        expected.update(part)
    with connect(where) as connection:
        while data := connection.recv(1 << 18):
            actual.update(data)
            count += len(data)
    if actual.digest() != expected.digest():
        raise SystemExit(f"received {count} bytes of {total}, or others")


def outcome(where):
    count = 0
    with connect(where) as connection:
        try:
            while data := connection.recv(1 << 16):
                count += len(data)
            print("end", count)
        except ConnectionResetError:
            print("reset", count)


def dialogue(where):
    with connect(where) as connection:
        print(connection.recv(100).decode().strip())
        connection.sendall(b"hello")
        if connection.recv(100) != b"hello":
            raise SystemExit("no echo")


def main():
    mode, where, *rest = sys.argv[1:]
    if mode in ("digest", "fetch", "echoed"):
        {"digest": digest, "fetch": fetch, "echoed": echoed}[mode](where, int(rest[0]))
    elif mode in ("many", "manyechoed"):
        many(digest if mode == "many" else echoed, where, int(rest[0]), int(rest[1]))
    elif mode == "outcome":
        outcome(where)
    elif mode == "dialogue":
        dialogue(where)
    elif mode == "ask":
        with connect(where) as connection:
            connection.sendall(rest[0].encode())
            connection.shutdown(socket.SHUT_WR)
            print(read_all(connection).decode(), end="")
    elif mode in ("line", "linehalf"):
        with connect(where) as connection:
            connection.sendall(rest[0].encode())
            if mode == "linehalf":
                connection.shutdown(socket.SHUT_WR)
            print(connection.makefile().readline(), end="")
    elif mode == "abort":
        connection = connect(where)
        for part in pattern(int(rest[0])):
            connection.sendall(part)
        reset(connection)
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
