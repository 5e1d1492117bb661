"""Measures an adit: footprint.py ADIT JAVA FOLDER. Prints a line for each figure: its name, a tab, its value in the unit of docs/footprint.md."""
import os
import pathlib
import resource
import socket
import subprocess
import sys
import threading
import time

adit, java, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
ROUNDS = 5
BYTES = 200_000_000
CONNECTIONS = 2000
STREAMS = 1000


def run(node, *words):
    return subprocess.run([adit, *words], env=environment(node), check=True, capture_output=True, text=True, timeout=60).stdout


def environment(node):
    return dict(os.environ, ADIT_PATH=str(folder / node))


def cpu_seconds(command, node="none"):
    process = subprocess.Popen(command, env=environment(node), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return usage.ru_utime + usage.ru_stime


def start(node):
    """A daemon, and the seconds of CPU until it was ready: those of the clock depend on what else the machine does."""
    daemon = subprocess.Popen([adit, "daemon"], env=environment(node), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for line in daemon.stdout:
        if line == "Daemon is ready\n":
            ticks = pathlib.Path(f"/proc/{daemon.pid}/stat").read_text().rpartition(")")[2].split()
            return daemon, (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
    raise SystemExit("the daemon did not start")


def resident(daemon):
    for line in pathlib.Path(f"/proc/{daemon.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6


def serve(service):
    while True:
        try:
            client, _ = service.accept()
        except OSError:
            return
        threading.Thread(target=echo, args=[client], daemon=True).start()


def echo(client):
    with client:
        while received := client.recv(1 << 18):
            client.sendall(received)


def connect(port):
    """A connection that has carried a byte there and back."""
    client = socket.create_connection(("127.0.0.1", port), timeout=60)
    client.sendall(b"1")
    assert client.recv(1) == b"1"
    return client


def load(port):
    """Many bytes in both directions at once, then short connections."""
    with connect(port) as client:
        part = bytes(1 << 18)
        sending = threading.Thread(target=lambda: [client.sendall(part) for _ in range(BYTES // len(part))])
        sending.start()
        left = BYTES // len(part) * len(part)
        while left > 0:
            received = client.recv(1 << 18)
            assert received, "the tunnel ended"
            left -= len(received)
        sending.join()
    for _ in range(CONNECTIONS):
        connect(port).close()


def under_load(port, daemons):
    """Resident after the load, and with idle streams: the larger daemon's."""
    load(port)
    time.sleep(3)  # as tools/bench does: some is given back after a moment
    loaded = max(resident(daemon) for daemon in daemons)
    streams = [connect(port) for _ in range(STREAMS)]
    time.sleep(3)
    holding = max(resident(daemon) for daemon in daemons)
    for stream in streams:
        stream.close()
    return loaded, holding


def tunnel(is_loaded):
    """One byte through a tunnel between two daemons, then an idle while: what they cost. Then a load, if asked for."""
    daemons, starts = {}, []
    service = socket.create_server(("127.0.0.1", 0), backlog=1024)
    threading.Thread(target=serve, args=[service], daemon=True).start()
    try:
        for node in ("listener", "forwarder"):
            daemons[node], took = start(node)
            starts.append(took)
        run("listener", "listen", "/x/a", f"/ip4/127.0.0.1/tcp/{service.getsockname()[1]}")
        run("forwarder", "forward", "/x/a", "/ip4/127.0.0.1/tcp/0", run("listener", "id", "-f", "<addrs>").split()[0])
        address = next(line.split()[1] for line in run("forwarder", "ls").splitlines() if line.startswith("/x/a"))
        port = int(address.split("/")[4])
        connect(port).close()
        calls = [cpu_seconds([adit, "ls"], "listener") for _ in range(ROUNDS)]
        time.sleep(6)
        memory = [resident(daemon) for daemon in daemons.values()]
        return starts, calls, memory, under_load(port, daemons.values()) if is_loaded else None
    finally:
        service.close()
        for daemon in daemons.values():
            daemon.terminate()
            daemon.wait(20)


def median(values):
    return sorted(values)[len(values) // 2]


def main():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * STREAMS), hard))
    for node in ("listener", "forwarder"):
        run(node, "init")
        run(node, "config", "--json", "Addresses.Swarm", '["/ip4/127.0.0.1/tcp/0"]')
        run(node, "config", "--json", "Bootstrap", "[]")
    starts, calls, memory, plain = [], [], [], []
    for turn in range(ROUNDS):
        plain += [cpu_seconds([java, "-version"]) for _ in range(3)]
        some = tunnel(turn == ROUNDS - 1)
        starts += some[0]
        calls += some[1]
        memory += some[2]
    installed = sum(file.lstat().st_size for file in pathlib.Path(adit).parent.parent.rglob("*") if file.is_file())
    print(f"installed\t{installed / 1e6:.1f}")
    print(f"resident\t{median(memory):.1f}")
    print("loaded\t{:.1f}\nstreams\t{:.1f}".format(*some[3]))
    print(f"start\t{median(starts) / median(plain):.2f}")
    print(f"command\t{median(calls) / median(plain):.2f}")
    print(f"CPU seconds: start {median(starts):.3f}, command {median(calls):.3f}, java -version {median(plain):.3f}", file=sys.stderr)


main()
