#!/usr/bin/env python3
"""Asks daemons, adit and Kubo alike, through their RPC. A NODE is NAME=DIRECTORY=ADDRESS, with an address that its peers must find.

pairs NODE...                     each ordered pair: not connected any more, found by the id alone, reached by a tunnel to /x/NAME of the other
                                  (an echo service must listen there); prints a line for each pair that fails, then "pairs COUNT, failed COUNT"
finds NODE NODE...                the first looks for each of the others; prints the milliseconds of each search, one a line
"""
import http.client
import json
import pathlib
import re
import socket
import sys
import time
import urllib.parse

PATIENCE = 60  # seconds for one request


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self.path)


class Node:
    def __init__(self, text):
        self.name, directory, self.address = text.split("=")
        self.api = (pathlib.Path(directory) / "api").read_text().strip()
        self.id = self.ask("id")["ID"]

    def ask(self, command, *arguments, **options):
        """The last JSON object of the answer."""
        query = urllib.parse.urlencode([("arg", argument) for argument in arguments] + list(options.items()))
        if self.api.startswith("/unix"):
            connection = UnixConnection(self.api[len("/unix"):])
        else:
            _, _, host, _, port = self.api.split("/")
            connection = http.client.HTTPConnection(host, int(port), timeout=PATIENCE)
        try:
            connection.request("POST", f"/api/v0/{command}?{query}")
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.status != 200:
            raise OSError(f"{self.name}: {command}: {text.strip()}")
        lines = text.strip().splitlines()
        return json.loads(lines[-1]) if lines else {}

    def disconnect(self, other):
        try:
            self.ask("swarm/disconnect", "/p2p/" + other.id)
        except OSError:
            pass  # it was not connected

    def find(self, other):
        """Addresses of the other, found by its id alone."""
        text = self.ask("routing/findpeer", other.id)
        return [address for told in text.get("Responses") or [] if told["ID"] == other.id for address in told["Addrs"]]

    def port_of(self, protocol, peer):
        for tunnel in self.ask("p2p/ls").get("Listeners") or []:
            if tunnel["Protocol"] == protocol and tunnel["TargetAddress"].endswith(peer):
                return int(re.search(r"/tcp/(\d+)", tunnel["ListenAddress"]).group(1))
        raise OSError(f"{self.name}: no forwarder for {protocol}")


def carries(port):
    """An echo of some kilobytes through the tunnel."""
    sent = bytes(range(256)) * 64
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(sent)
        received = b""
        while len(received) < len(sent):
            part = connection.recv(1 << 16)
            if not part:
                raise OSError(f"the tunnel ended after {len(received)} bytes")
            received += part
    if received != sent:
        raise OSError("other bytes came back")


def part(one, other):
    """Closed on both sides: they are strangers that have nothing but an id."""
    one.disconnect(other)
    other.disconnect(one)


def pair(seeker, wanted):
    part(seeker, wanted)
    found = seeker.find(wanted)
    if not any(wanted.address in address for address in found):
        raise OSError(f"found {found}, not {wanted.address}")
    part(seeker, wanted)
    protocol = "/x/" + wanted.name
    seeker.ask("p2p/forward", protocol, "/ip4/127.0.0.1/tcp/0", "/p2p/" + wanted.id)
    try:
        carries(seeker.port_of(protocol, wanted.id))
    finally:
        seeker.ask("p2p/close", protocol=protocol)


def pairs(nodes):
    failures = count = 0
    for seeker in nodes:
        for wanted in nodes:
            if seeker is wanted:
                continue
            count += 1
            try:
                pair(seeker, wanted)
            except OSError as failure:
                failures += 1
                print(f"{seeker.name} to {wanted.name}: {failure}", flush=True)
    print(f"pairs {count}, failed {failures}")
    return 0 if count and not failures else 1


def finds(seeker, targets):
    for wanted in targets:
        start = time.monotonic()
        found = seeker.find(wanted)
        taken = time.monotonic() - start
        if not any(wanted.address in address for address in found):
            raise OSError(f"{seeker.name} found {found} for {wanted.name}, not {wanted.address}")
        print(f"{taken * 1000:.1f}", flush=True)
    return 0


def main():
    mode, nodes = sys.argv[1], [Node(text) for text in sys.argv[2:]]
    sys.exit(pairs(nodes) if mode == "pairs" else finds(nodes[0], nodes[1:]))


if __name__ == "__main__":
    main()
