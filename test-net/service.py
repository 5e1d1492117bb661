#!/usr/bin/env python3
"""A TCP service on loopback, or on a unix socket. usage: service.py PORTFILE MODE [ARGUMENT]

echo             sends back what comes, half-closes when the client does
digest           reads to the end, answers the SHA-256 in hexadecimal
source BYTES     sends that many bytes of a fixed pattern, then ends
greet            sends a line at once, then echoes (like SSH or SMTP the server speaks first)
firstline        answers with the first line it got, then with the number of bytes behind it
lines            answers each line with "got LINE"
run COMMAND      runs the command with the connection as its standard input and output, as inetd does
reset BYTES      sends that many bytes, then resets the connection (SO_LINGER 0)
goodbye BYTES    sends that many bytes, half-closes, prints how many came until the client ended
swallow BYTES    reads that many bytes, then its process is killed while more is on the way
stuck            reads one byte, then nothing more, and keeps the connection
PORTFILE gets the port once the service accepts connections; a PORTFILE that ends in .sock is the unix socket itself.
PORT in the environment is the port to use. A connection that fails is a line on standard output.
"""
import hashlib
import os
import socket
import struct
import subprocess
import sys
import threading

PATTERN = bytes(range(251)) * 1044


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def die():
    """Ends the process as a kill does: nothing is closed in order."""
    os._exit(137)


def pattern(total):
    """Yields total bytes of the pattern in parts."""
    while total > 0:
        part = PATTERN[:total]
        total -= len(part)
        yield part


def received(connection):
    """Yields what comes, to the end."""
    while part := connection.recv(1 << 18):
        yield part


def receive(connection, total):
    """Reads that many bytes and no more; returns how many came before the end."""
    count = 0
    while count < total and (part := connection.recv(min(total - count, 1 << 18))):
        count += len(part)
    return count


def echo(connection, _):
    for part in received(connection):
        connection.sendall(part)
    connection.shutdown(socket.SHUT_WR)


def greet(connection, _):
    connection.sendall(b"220 welcome\r\n")
    echo(connection, _)


def digest(connection, _):
    hash = hashlib.sha256()
    for part in received(connection):
        hash.update(part)
    connection.sendall(hash.hexdigest().encode() + b"\n")


def firstline(connection, _):
    with connection.makefile("rb") as reader:
        connection.sendall(reader.readline())
        connection.sendall(str(len(reader.read())).encode() + b"\n")


def lines(connection, _):
    with connection.makefile("rb") as reader:
        for line in reader:
            connection.sendall(b"got " + line)


def run(connection, command):
    subprocess.run(["sh", "-c", command], stdin=connection, stdout=connection)


def source(connection, total):
    for part in pattern(int(total)):
        connection.sendall(part)


def goodbye(connection, total):
    source(connection, total)
    connection.shutdown(socket.SHUT_WR)
    print("received", sum(map(len, received(connection))), flush=True)


def reset_after(connection, total):
    source(connection, total)
    reset(connection)


def swallow(connection, total):
    receive(connection, int(total))
    die()


def stuck(connection, _):
    receive(connection, 1)
    threading.Event().wait()


MODES = {"echo": echo, "digest": digest, "source": source, "greet": greet, "firstline": firstline, "lines": lines, "run": run,
         "goodbye": goodbye, "reset": reset_after, "swallow": swallow, "stuck": stuck}


def main():
    portfile, mode = sys.argv[1:3]
    argument = sys.argv[3] if len(sys.argv) > 3 else None

    def serve(connection):
        try:
            MODES[mode](connection, argument)
            connection.close()
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
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
