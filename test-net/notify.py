#!/usr/bin/env python3
"""The socket on which systemd hears how a service is. usage: notify.py PATH FILE

PATH is the socket, "@NAME" an abstract one. Each message is one line of FILE, its own lines separated by "; ".
"""
import socket
import sys


def main():
    path, file = sys.argv[1:]
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listening.bind("\0" + path[1:] if path.startswith("@") else path)
    with open(file, "w", buffering=1) as out:
        while True:
            out.write(listening.recv(1 << 16).decode().replace("\n", "; ") + "\n")


if __name__ == "__main__":
    main()
