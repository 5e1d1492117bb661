#!/usr/bin/env python3
"""Listens to mDNS until a peer says goodbye (RFC 6762, section 10.1) and prints whose it is: TXT records that live for 0 seconds."""
import re
import socket
import struct

channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
channel.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
channel.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
channel.bind(("", 5353))
channel.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                   socket.inet_aton("224.0.0.251") + socket.inet_aton("10.77.0.2"))
print("listening", flush=True)
while True:
    message = channel.recv(9000)
    # type TXT, class IN, 0 seconds, length, then strings of which the first is an address
    for found in re.finditer(re.escape(struct.pack(">HHI", 16, 1, 0)) + rb"..(.*)", message, re.DOTALL):
        peer = re.search(rb"/p2p/(\w+)", found.group(1))
        if peer:
            print("goodbye of", peer.group(1).decode(), flush=True)
            raise SystemExit
