"""Measures an adit: footprint.py ADIT JAVA FOLDER. Prints a line for each figure: its name, a tab, its value in the unit of docs/footprint.md."""
import os
import pathlib
import socket
import subprocess
import sys
import threading
import time

adit, java, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
ROUNDS = 5


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
        with client:
            client.sendall(client.recv(64))


def tunnel():
    """One byte through a tunnel between two daemons, then an idle while: what they cost."""
    daemons, starts = {}, []
    service = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=[service], daemon=True).start()
    try:
        for node in ("listener", "forwarder"):
            daemons[node], took = start(node)
            starts.append(took)
        run("listener", "listen", "/x/a", f"/ip4/127.0.0.1/tcp/{service.getsockname()[1]}")
        run("forwarder", "forward", "/x/a", "/ip4/127.0.0.1/tcp/0", run("listener", "id", "-f", "<addrs>").split()[0])
        address = next(line.split()[1] for line in run("forwarder", "ls").splitlines() if line.startswith("/x/a"))
        with socket.create_connection(("127.0.0.1", int(address.split("/")[4]))) as client:
            client.sendall(b"1")
            assert client.recv(1) == b"1"
        calls = [cpu_seconds([adit, "ls"], "listener") for _ in range(ROUNDS)]
        time.sleep(6)
        return starts, calls, [resident(daemon) for daemon in daemons.values()]
    finally:
        service.close()
        for daemon in daemons.values():
            daemon.terminate()
            daemon.wait(20)


def median(values):
    return sorted(values)[len(values) // 2]


def main():
    for node in ("listener", "forwarder"):
        run(node, "init")
        run(node, "config", "--json", "Addresses.Swarm", '["/ip4/127.0.0.1/tcp/0"]')
        run(node, "config", "--json", "Bootstrap", "[]")
    starts, calls, memory, plain = [], [], [], []
    for _ in range(ROUNDS):
        plain += [cpu_seconds([java, "-version"]) for _ in range(3)]
        some = tunnel()
        starts += some[0]
        calls += some[1]
        memory += some[2]
    installed = sum(file.lstat().st_size for file in pathlib.Path(adit).parent.parent.rglob("*") if file.is_file())
    print(f"installed\t{installed / 1e6:.1f}")
    print(f"resident\t{median(memory):.1f}")
    print(f"start\t{median(starts) / median(plain):.2f}")
    print(f"command\t{median(calls) / median(plain):.2f}")
    print(f"CPU seconds: start {median(starts):.3f}, command {median(calls):.3f}, java -version {median(plain):.3f}", file=sys.stderr)



main()
