#!/usr/bin/env python3
"""A DNS server on loopback for TXT records. usage: dns.py PORTFILE RECORDSFILE

RECORDSFILE is read for each question: a line for each record, "NAME TEXT". Writes its port into PORTFILE and serves until it is killed.
"""
import os
import socket
import struct
import sys

port_file, records_file = sys.argv[1:]
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
with open(port_file + ".new", "w") as file:
    file.write(str(server.getsockname()[1]))
os.rename(port_file + ".new", port_file)
while True:
    query, client = server.recvfrom(4096)
    end, labels = 12, []
    while query[end]:
        labels.append(query[end + 1:end + 1 + query[end]].decode())
        end += 1 + query[end]
    question, name = query[12:end + 5], ".".join(labels)
    texts = [line.split(None, 1)[1].strip().encode() for line in open(records_file) if line.split(None, 1)[0] == name]
    print(name, len(texts), flush=True)
    answer = query[:2] + struct.pack(">HHHHH", 0x8180 if texts else 0x8183, 1, len(texts), 0, 0) + question
    for text in texts:
        answer += b"\xc0\x0c" + struct.pack(">HHIHB", 16, 1, 60, len(text) + 1, len(text)) + text
    server.sendto(answer, client)
