#!/usr/bin/env python3
"""A TCP service on loopback, or on a unix socket. usage: service.py PORTFILE MODE [ARGUMENT]

echo             sends back what comes, half-closes when the client does
count            reads to the end, answers the number of bytes, as `wc -c` does
digest           reads to the end, answers the SHA-256 in hexadecimal
source BYTES     sends that many bytes of a fixed pattern, then ends; the pattern's digest is printed by `client.py pattern`
greet            sends a line at once, then echoes (like SSH or SMTP the server speaks first)
reset BYTES      sends that many bytes, then resets the connection (SO_LINGER 0)
die BYTES        sends that many bytes, then its process is killed
firstline        answers with the first line it got, then with the number of bytes behind it
lines            answers each line with "got LINE"
PORTFILE gets the port once the service accepts connections; a PORTFILE that ends in .sock is the unix socket itself.
"""
import hashlib
import os
import signal
import socket
import struct
import sys
import threading

PATTERN = bytes(range(251)) * 1044


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def pattern(total):
    """Yields total bytes of the pattern in parts."""
    while total > 0:
        part = PATTERN[:total]
        total -= len(part)
        yield part


def serve(connection, mode, argument):
    if mode == "echo" or mode == "greet":
        if mode == "greet":
            connection.sendall(b"220 welcome\r\n")
        while data := connection.recv(1 << 16):
            connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
    elif mode == "count" or mode == "digest":
        total, digest = 0, hashlib.sha256()
        while data := connection.recv(1 << 18):
            total += len(data)
            digest.update(data)
        connection.sendall((str(total) if mode == "count" else digest.hexdigest()).encode() + b"\n")
    elif mode == "firstline":
        reader = connection.makefile("rb")
        line = reader.readline()
        connection.sendall(line)
        connection.sendall(str(len(reader.read())).encode() + b"\n")
        reader.close()
    elif mode == "lines":
        reader = connection.makefile("rb")
        while line := reader.readline():
            connection.sendall(b"got " + line)
        reader.close()
    elif mode in ("source", "reset", "die"):
        for part in pattern(int(argument)):
            connection.sendall(part)
        if mode == "reset":
            reset(connection)
        elif mode == "die":
            os.kill(os.getpid(), signal.SIGKILL)
    connection.close()


def main():
    portfile, mode = sys.argv[1:3]
    argument = sys.argv[3] if len(sys.argv) > 3 else None

    def safely(connection):
        try:
            serve(connection, mode, argument)
        except OSError as error:
            print(error, flush=True)

    unix = portfile.endswith(".sock")
    server = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
    if unix:
        server.bind(portfile)
    else:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", int(os.environ.get("PORT", "0"))))
    server.listen(512)
    if not unix:
        with open(portfile + ".new", "w") as file:
            file.write(str(server.getsockname()[1]))
        os.rename(portfile + ".new", portfile)
    while True:
        connection, _ = server.accept()
        threading.Thread(target=safely, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
