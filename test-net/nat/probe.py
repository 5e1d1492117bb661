#!/usr/bin/env python3
"""What a NAT does, seen from hosts on both of its sides.

server ADDRESS              tells who asks on port 4001 (TCP, UDP) the address it sees, and visits an address when told to, from another port
kind PORT SERVER SERVER     what happens to that local port, a line for TCP and one for UDP: do both servers see the same address (same, different)?
                            How are the first server, which it has sent to, and the second, which it has not, received there from another
                            port (open, silent, refused)?
punch PORT HOST PORT TIME   connects from the port to the address at that time (seconds of the epoch), and again for 3 seconds: punched, or not
trip SERVER                 how many milliseconds the answer to a SYN takes, the least of 5
"""
import json
import select
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

PATIENCE = 1.0  # seconds; what takes longer is silent


def bound(kind, address, port):
    made = socket.socket(socket.AF_INET, kind)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind((address, port))
    made.settimeout(PATIENCE)
    return made


def visit(address, kind, there):
    with bound(kind, address, 0) as visitor:
        try:
            visitor.connect(there)
            if kind == socket.SOCK_DGRAM:
                visitor.send(b"visit")
            return "open"
        except TimeoutError:
            return "silent"
        except ConnectionRefusedError:
            return "refused"


def server(address):
    def answer(connection, peer):
        request = json.loads(connection.recv(1024) or b"null")  # null: somebody who only connects
        answered = visit(address, socket.SOCK_DGRAM if request["udp"] else socket.SOCK_STREAM, tuple(request["visit"])) if request else peer
        connection.sendall(json.dumps(answered).encode())
        connection.recv(1)  # it stays, and what a NAT made of it

    def tell():
        while True:
            _, peer = datagrams.recvfrom(1024)
            datagrams.sendto(json.dumps(peer).encode(), peer)

    connections, datagrams = bound(socket.SOCK_STREAM, address, 4001), bound(socket.SOCK_DGRAM, address, 4001)
    connections.settimeout(None)
    datagrams.settimeout(None)
    connections.listen(64)
    threading.Thread(target=tell, daemon=True).start()
    while True:
        threading.Thread(target=answer, args=connections.accept(), daemon=True).start()


def ask(asking, server, request):
    asking.settimeout(PATIENCE + 3)
    asking.connect((server, 4001))
    message = json.dumps(request).encode()
    asking.send(message)
    if asking.type == socket.SOCK_DGRAM:
        again(asking, message)
    return json.loads(asking.recv(1024))


def again(asking, datagram):
    """Once more, unless an answer is there soon: of two that want the same port of a NAT at the same moment, Linux drops one."""
    if not select.select([asking], [], [], 1)[0]:
        asking.send(datagram)


def kind(port, first, second):
    port = int(port)
    for name, protocol in ("tcp", socket.SOCK_STREAM), ("udp", socket.SOCK_DGRAM):
        sockets = [bound(protocol, "0.0.0.0", p) for p in (port, port, port + 1)]
        seen = [ask(asking, server, None) for asking, server in zip(sockets, (first, second, first))]
        here = bound(protocol, "0.0.0.0", port + 1)  # the port that only the first server has seen
        if name == "tcp":
            here.listen(8)
        with ThreadPoolExecutor() as pool:
            ends = list(pool.map(lambda server: visited(server, name == "udp", seen[2]), (first, second)))
        if name == "udp":
            came = arrivals(here)
            ends = ["open" if server in came else "silent" for server in (first, second)]
        print(name, "same" if seen[0] == seen[1] else "different", *ends, flush=True)


def visited(server, udp, address):
    with bound(socket.SOCK_STREAM, "0.0.0.0", 0) as asking:
        return ask(asking, server, {"udp": udp, "visit": address})


def arrivals(here):
    """The hosts from which datagrams have come."""
    came = set()
    try:
        while True:
            came.add(here.recvfrom(1024)[1][0])
    except TimeoutError:
        return came


def punch(port, host, its_port, at):
    time.sleep(max(0.0, float(at) - time.time()))
    while time.time() < float(at) + 3:
        with bound(socket.SOCK_STREAM, "0.0.0.0", int(port)) as trying:
            try:
                trying.connect((host, int(its_port)))
                trying.sendall(b"x")
                if trying.recv(1) == b"x":
                    print("punched")
                    return
            except OSError:
                time.sleep(0.05)
    print("not punched")


def trip(server):
    def one():
        start = time.monotonic()
        end = visit("0.0.0.0", socket.SOCK_STREAM, (server, 4001))
        return time.monotonic() - start if end == "open" else sys.exit(end)

    print(round(1000 * min(one() for _ in range(5))))


if __name__ == "__main__":
    {"server": server, "kind": kind, "punch": punch, "trip": trip}[sys.argv[1]](*sys.argv[2:])
