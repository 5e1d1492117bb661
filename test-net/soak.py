#!/usr/bin/env python3
"""Years of a daemon in a short time. usage: soak.py DIRECTORY SECONDS TUNNELS PEERS ATTEMPTS COMMAND...

COMMAND runs a daemon, ADIT_PATH is set to a directory below DIRECTORY. One daemon, the server, has TUNNELS saved listeners, each for one peer that stays and for
one that comes and goes; half of PEERS stay. Through each tunnel a stream of the peer that stays lives from the beginning to the end and is asked all the time; one carries as
much as it can. Meanwhile peers are killed and started, the config is read again with one tunnel more or less, grants of a few seconds come and
end with a stream in them, and a peer without any grant tries ATTEMPTS times. The service is told by the server whose each connection is.

Prints a line for each fault, "dropped …", "admitted …", "served …", "leaked …", "failed …", and at the end one that begins with "figures".
"""
import http.client
import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse

directory, seconds, tunnels, peers, attempts = pathlib.Path(sys.argv[1]), *map(int, sys.argv[2:6])
command = sys.argv[6:]
PATIENCE = 120  # seconds
TEMPORARY = 4  # seconds that a passing grant lasts; its end is a whole second, the one before; that long after the answer it has ended
CUT_WITHIN = 15  # seconds after its end, on a slow machine
over = threading.Event()
printing = threading.Lock()
counts = {}


def fault(text):
    with printing:
        print(text, flush=True)


def count(name, more=1):
    with printing:
        counts[name] = counts.get(name, 0) + more


class Control(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self.host)


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(condition)
        time.sleep(0.05)


class Daemon:
    def __init__(self, name):
        self.directory = directory / name
        self.directory.mkdir(mode=0o700)
        (self.directory / "config.json").write_text(json.dumps({
            "Addresses": {"Swarm": ["/ip4/127.0.0.1/tcp/0"]}, "Bootstrap": [], "Discovery": {"MDNS": {"Enabled": False}}, "Routing": {"Type": "none"}}))
        (self.directory / "config.json").chmod(0o600)
        self.start()
        known = json.loads(self.ask("id"))
        self.id, self.address = known["ID"], next(a for a in known["Addresses"] if "/127.0.0.1/" in a)

    def start(self):
        log = open(self.directory / "daemon.log", "ab")
        self.process = subprocess.Popen(command, env=dict(os.environ, ADIT_PATH=str(self.directory)), stdout=log, stderr=log)
        wait_for((self.directory / "api").exists)

    def kill(self):
        self.process.kill()
        self.process.wait()
        (self.directory / "api").unlink(missing_ok=True)

    def ask(self, path, *arguments, body=None, **options):
        control = Control(str(self.directory / "api.sock"), timeout=PATIENCE)
        query = [("arg", argument) for argument in arguments] + list(options.items())
        control.request("POST", f"/api/v0/{path}?{urllib.parse.urlencode(query)}", body)
        answer = control.getresponse()
        text = answer.read().decode()
        control.close()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {text}")
        return text

    def forward(self, protocol):
        """The port of a forwarder to the server's tunnel of that name."""
        self.ask("p2p/forward", protocol, "/ip4/127.0.0.1/tcp/0", server.address)
        listed = json.loads(self.ask("p2p/ls"))["Listeners"]
        return int(next(entry["ListenAddress"] for entry in reversed(listed) if entry["Protocol"] == protocol).split("/")[4])


# ---- the service: the first line is the peer's id, by the server; the second the tunnel's name, by the client; then it echoes

allowed = {}  # by tunnel: ids


def serve(connection):
    try:
        with connection, connection.makefile("rb") as reader:
            peer, name = reader.readline().decode().strip(), reader.readline().decode().strip()
            if name and peer not in allowed[name]:
                fault(f"admitted {peer} to {name}")
            while part := reader.read1(1 << 16):
                connection.sendall(part)
    except OSError:
        pass


def serve_all(listening):
    while True:
        threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()


# ---- clients

def connect(port, name):
    connection = socket.create_connection(("127.0.0.1", port), PATIENCE)
    connection.sendall(name.encode() + b"\n")
    return connection


def echoed(connection, message):
    connection.sendall(message)
    left = len(message)
    while left:
        part = connection.recv(min(left, 1 << 16))
        if not part or part != message[len(message) - left:len(message) - left + len(part)]:
            return False
        left -= len(part)
    return True


def established(port, name):
    """A stream that has carried something; a machine that has no time may need some attempts."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connection = connect(port, name)
            if echoed(connection, b"hello\n"):
                return connection
            raise OSError("no answer")
        except OSError:
            if time.monotonic() > end:
                raise
            count("attempts of peers that may")
            time.sleep(0.5)


def stay(port, name, size, pause):
    """A stream that must live to the end."""
    try:
        with established(port, name) as connection:
            number = 0
            while not over.is_set():
                number += 1
                if not echoed(connection, f"{name} {number:09}\n".encode() * size):
                    raise OSError("ended or answered wrongly")
                count("round trips")
                over.wait(pause)
    except OSError as failure:
        fault(f"dropped {name}: {failure}")


def come_and_go(peer, names):
    """Used, killed, started again."""
    while not over.is_set():
        try:
            for name in names:
                established(peer.forward(name), name).close()
            count("peers that came")
        except Exception as failure:
            fault(f"failed {names}: {failure}")
        over.wait(2)
        peer.kill()
        if not over.is_set():
            peer.start()


def pass_by(peer, name):
    """A grant that ends while a stream is in it."""
    port = peer.forward(name)
    while not over.is_set():
        has_lived = False
        asked = time.monotonic()
        with changing:
            allowed[name].add(peer.id)
            server.ask("grant", name, peer.id, **{"for": f"{TEMPORARY}s"})
        granted = time.monotonic()
        try:
            with connect(port, name) as connection:
                has_lived = echoed(connection, b"hello\n")
                connection.settimeout(TEMPORARY + CUT_WITHIN)
                connection.recv(1)
        except TimeoutError:
            fault(f"served {name}: a stream lives on after its grant has ended")
        except OSError:
            pass
        if has_lived:
            count("streams cut by the end of their grant")
            if time.monotonic() < asked + TEMPORARY - 1.1:
                fault(f"dropped {name}: cut before its grant has ended")
        over.wait(granted + TEMPORARY - time.monotonic())
        allowed[name].discard(peer.id)
        if not is_refused(port, name):
            fault(f"served {name}: a peer whose grant has ended")
        count("grants that ended")


def is_refused(port, name):
    try:
        with connect(port, name) as connection:
            connection.sendall(b"let me in\n")
            return not connection.recv(1)
    except OSError:
        return True


def intrude(port, name):
    for attempt in range(attempts):
        if not is_refused(port, name):
            fault(f"served {name}: attempt {attempt} of a peer without a grant")
        count("attempts")
        over.wait(seconds * 0.8 / attempts)
        if over.is_set() and attempt < attempts - 1:
            fault(f"failed: only {attempt + 1} attempts were made")
            return


def reload():
    """One tunnel more, one less."""
    path = server.directory / "config.json"
    while not over.wait(max(3, seconds / 60)):
        with changing:
            config = json.loads(path.read_text())
            listeners = config["Tunnels"]["Listeners"]
            extra = [entry for entry in listeners if entry["Protocol"] == "/x/extra"]
            if extra:
                listeners.remove(extra[0])
            else:
                listeners.append({"Protocol": "/x/extra", "TargetAddress": "/ip4/127.0.0.1/tcp/9", "Allow": []})
            (server.directory / "config.new").write_text(json.dumps(config))
            (server.directory / "config.new").chmod(0o600)
            os.rename(server.directory / "config.new", path)
            server.ask("config/reload")
        count("reloads")


# ---- what may grow

def measure():
    process = f"/proc/{server.process.pid}"
    status = dict(line.split(":\t", 1) for line in open(process + "/status") if ":\t" in line)
    return {"threads": int(status["Threads"]), "descriptors": len(os.listdir(process + "/fd")), "resident kB": int(status["VmRSS"].split()[0])}


def look(samples):
    while not over.wait(1):
        samples.append(measure())


ROOM = {"threads": lambda before: before + 12, "descriptors": lambda before: before + 40, "resident kB": lambda before: before * 1.25 + 16_000}


def judge(samples):
    part = max(1, len(samples) // 6)
    figures = {}
    for name, room in ROOM.items():
        sixths = [statistics.median(sample[name] for sample in samples[number * part:(number + 1) * part]) for number in range(6)]
        figures[name] = sixths
        if sixths[5] > room(sixths[2]):
            fault(f"leaked {name}: {sixths}, the median of each sixth of the time")
    return figures


def background(function, *arguments):
    thread = threading.Thread(target=function, args=arguments, daemon=True)
    thread.start()
    return thread


listening = socket.create_server(("127.0.0.1", 0), backlog=512)
background(serve_all, listening)
changing = threading.Lock()
signal.signal(signal.SIGTERM, lambda *_: over.set())
everybody = []
try:
    server = Daemon("server")
    everybody.append(server)
    for number in range(peers + 2):
        everybody.append(Daemon(f"peer{number}"))
    intruder, passing, *members = everybody[1:]
    staying, coming = members[:peers // 2], members[peers // 2:]
    names = [f"/x/t{number}" for number in range(tunnels)]
    for number, name in enumerate(names):
        allowed[name] = {staying[number % len(staying)].id, coming[number % len(coming)].id}
    server.ask("apply", "-", body=json.dumps({"Tunnels": {"Listeners": [
        {"Protocol": name, "TargetAddress": f"/ip4/127.0.0.1/tcp/{listening.getsockname()[1]}", "Allow": sorted(allowed[name]), "ReportPeerID": True}
        for name in names]}}))
    samples = []
    work = []
    for number, name in enumerate(names):
        work.append(background(stay, staying[number % len(staying)].forward(name), name, 2000 if number == 0 else 1, 0.02 if number == 0 else 1))
    for number, peer in enumerate(coming):
        work.append(background(come_and_go, peer, names[number::len(coming)][:3]))
    work += [background(pass_by, passing, names[1]), background(intrude, intruder.forward(names[0]), names[0]), background(reload), background(look, samples)]
    over.wait(seconds)
    over.set()
    for thread in work:
        thread.join(PATIENCE)
        if thread.is_alive():
            fault("failed: a client does not end")
    figures = judge(samples)
    try:
        wait_for(lambda: not json.loads(server.ask("p2p/stream/ls"))["Streams"])
    except TimeoutError:
        fault("leaked streams: " + server.ask("p2p/stream/ls"))
    print("figures", json.dumps(counts), json.dumps(figures), flush=True)
finally:
    for daemon in everybody:
        daemon.process.kill()
