#!/usr/bin/env python3
"""Treats a control socket badly. usage: abuse.py MODE SOCKET|PORT COUNT

hold SOCKET COUNT       opens so many connections and says nothing, prints "held N" with the number still open, keeps them until it is ended
drip SOCKET COUNT       that many clients at once, each of which sends a request a byte at a time until it is cut off; prints "cut COUNT"
endless SOCKET COUNT    that many times a header far too long, which must be answered 431, and one without end, which must be cut off
broken SOCKET COUNT     that many bodies that are no JSON, or too deep, or of another kind; each must be answered with an error
trips PORT COUNT        64 bytes to an echo service and back, so often; prints the 50th and 99th percentile in microseconds
"""
import resource
import select
import signal
import socket
import sys
import threading
import time


def connect(path):
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(60)
    connection.connect(path)
    return connection


def is_open(connection):
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    if not poll.poll(0):
        return True
    try:
        return bool(connection.recv(1 << 16)) and is_open(connection)
    except ConnectionResetError:
        return False


def hold(path, count):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    room = count if hard == resource.RLIM_INFINITY else min(count, hard - 100)
    held = []
    for _ in range(count):
        try:
            held.append(connect(path))
        except OSError:  # reset, or no descriptor left on this side
            continue
        if len(held) >= room:
            held = [connection for connection in held if is_open(connection)]
    held = [connection for connection in held if is_open(connection)]
    print("held", len(held), flush=True)
    signal.pause()


def drip(path, count):
    cut = []

    def once():
        with connect(path) as connection:
            try:
                connection.sendall(b"POST /api/v0/id HTTP/1.1\r\nHost: adit\r\nX: ")
                while is_open(connection):
                    connection.sendall(b"x")
                    select.select([connection], [], [], 0.5)
            except (BrokenPipeError, ConnectionResetError):
                pass
            cut.append(True)

    threads = [threading.Thread(target=once) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("cut", len(cut))


def answer(path, request):
    with connect(path) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass
        text = b""
        while part := connection.recv(1 << 16):
            text += part
    return text


def endless(path, count):
    for _ in range(count):
        text = answer(path, b"POST /api/v0/id HTTP/1.1\r\nHost: adit\r\n" + b"X: y\r\n" * 100_000)
        if not text.startswith(b"HTTP/1.1 431"):
            raise SystemExit(f"answered {text[:60]!r}")
        with connect(path) as connection:
            taken = 0
            try:
                connection.sendall(b"POST /api/v0/id HTTP/1.1\r\nHost: adit\r\n")
                while True:
                    taken += connection.send(b"X: y\r\n" * 10_000)
                    if taken > 16 << 20:
                        raise SystemExit("16 MB of headers were taken")
            except (BrokenPipeError, ConnectionResetError):
                pass


BODIES = [b"", b"{", b"{\"Tunnels\": ", b"[" * 500_000, b"{\"a\":" * 100_000, b"nul", b"\xff\xfe", b"{\"Tunnels\": 3}", b"{\"Tunnels\": {}, \"Tunnels\": {}}",
          b"{\"Tunnels\": {\"Listeners\": [" + b"{}," * 50_000 + b"{}]}}", b"\"" + b"\\u0000" * 100_000 + b"\"", b"1e999999999", b"-" * 900_000]


def request(number):
    """A body that is no plan, to one of the two commands that take one."""
    body = BODIES[number % len(BODIES)]
    where = (b"plan", b"apply")[number % 2]
    return b"POST /api/v0/%s?arg=x HTTP/1.1\r\nHost: adit\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % (where, len(body)) + body


def broken(path, count):
    for number in range(count):
        text = answer(path, request(number))
        if not text.startswith((b"HTTP/1.1 500", b"HTTP/1.1 400")) or b"\"Message\":\"nothing is changed" not in text:
            raise SystemExit(f"{BODIES[number % len(BODIES)][:30]!r} was answered {text[:300]!r}")


def trips(port, count):
    print(*round_trips(port, count))


def round_trips(port, count):
    """The 50th and 99th percentile of so many round trips, in microseconds."""
    times = []
    with socket.create_connection(("127.0.0.1", int(port)), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(count):
            begin = time.perf_counter_ns()
            connection.sendall(b"x" * 64)
            left = 64
            while left:
                part = connection.recv(left)
                if not part:
                    raise SystemExit("the echo ended")
                left -= len(part)
            times.append(time.perf_counter_ns() - begin)
    times.sort()
    return times[len(times) // 2] // 1000, times[len(times) * 99 // 100] // 1000


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    {"hold": hold, "drip": drip, "endless": endless, "broken": broken, "trips": trips}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
