#!/usr/bin/env python3
"""Kills a daemon at random moments while it writes its files, and checks what it knows afterwards. usage: power.py DIRECTORY ROUNDS SEED COMMAND...

COMMAND runs the daemon, ADIT_PATH is set to DIRECTORY. Every fourth round the daemon is killed while it ends in order, every fifth while it
makes a new directory. After each kill it must start, and its saved tunnels and one setting must be what was answered last, or what was on its
way when it was killed. Prints the number of rounds.
"""
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

PATIENCE = 60  # seconds
NO_LISTENER = None  # in the place of a listener's grants
PEERS = ["12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo", "12D3KooWBPqtfHWLKGZYCRc3Y2U1CAxwy6ojmhBNyoMJZXr79eAE"]


class Control(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("adit", timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(directory, path, body=None, **options):
    """The answer's text; ConnectionError and the like when the daemon is gone."""
    control = Control(directory + "/api.sock")
    try:
        control.request("POST", "/api/v0/" + path + "?" + urllib.parse.urlencode(options, doseq=True), body)
        answer = control.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            raise AssertionError(f"{path} {options}: {text}")
        return text
    finally:
        control.close()


def start(directory, command):
    environment = dict(os.environ, ADIT_PATH=directory)
    log = open(directory + ".log", "ab")
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)


def await_ready(daemon, directory):
    for line in daemon.stdout:
        if line == "Daemon is ready\n":
            return
    raise AssertionError("the daemon did not start:\n" + open(directory + ".log").read()[-2000:])


class State:
    """What was answered last, and what may be true as well: a change that was asked for and not answered."""

    def __init__(self, directory):
        self.directory = directory
        self.sure = ({}, 256, NO_LISTENER)
        self.perhaps = self.sure
        self.is_ending = False

    def change(self, dice):
        tunnels, high_water, grants = dict(self.sure[0]), self.sure[1], set(self.sure[2] or [])
        kind = dice.randrange(5)
        name, port = f"/x/{dice.randrange(8)}", dice.randrange(1, 65536)
        target = f"/ip4/127.0.0.1/tcp/{port}"
        if kind == 0 and name not in tunnels:
            tunnels[name] = target
            call = dict(path="p2p/listen", arg=[name, target], save="true")
        elif kind == 1 and name in tunnels:
            del tunnels[name]
            call = dict(path="p2p/close", protocol=name)
        elif kind == 2:
            tunnels = {f"/x/{i}": f"/ip4/127.0.0.1/tcp/{dice.randrange(1, 65536)}" for i in range(dice.randrange(40))}
            file = {"Tunnels": {"Listeners": [{"Protocol": "/x/granted", "TargetAddress": "/unix/granted", "Allow": sorted(grants)}]
                                + [{"Protocol": p, "TargetAddress": t} for p, t in tunnels.items()]}}
            call = dict(path="apply", arg="-", body=json.dumps(file))
        elif kind == 3 and self.sure[2] is not NO_LISTENER:
            peer = dice.choice(PEERS)
            call = dict(path="revoke" if peer in grants else "grant", arg=["/x/granted", peer])
            grants ^= {peer}
        else:
            high_water = dice.randrange(200, 300)
            call = dict(path="config", arg=["Swarm.ConnMgr.HighWater", str(high_water)], json="true")
        self.perhaps = (tunnels, high_water, NO_LISTENER if self.sure[2] is NO_LISTENER and call["path"] != "apply" else frozenset(grants))
        ask(self.directory, **call)
        self.sure = self.perhaps

    def verify(self):
        listeners = json.loads(ask(self.directory, "export"))["Tunnels"].get("Listeners", [])
        shown = json.loads(ask(self.directory, "p2p/ls"))["Listeners"] or []
        config = json.load(open(self.directory + "/config.json"))
        granted = [each["Allow"] for each in listeners if each["Protocol"] == "/x/granted"]
        now = ({each["Protocol"]: each["TargetAddress"] for each in listeners if "Allow" not in each}, config.get("Swarm", {}).get("ConnMgr", {}).get("HighWater", 256),
               frozenset(granted[0]) if granted else NO_LISTENER)
        assert now in (self.sure, self.perhaps), f"found {now}, not {self.sure} or {self.perhaps}"
        assert now[0] == {each["Protocol"]: each["TargetAddress"] for each in shown if each["Protocol"] != "/x/granted"}, f"{now[0]} is not what runs: {shown}"
        left = [name for name in os.listdir(self.directory) if name.endswith(".new")]
        assert not left, left
        self.sure = self.perhaps = now


def await_peer(directory):
    """It has something to write into peers.json."""
    end = time.monotonic() + PATIENCE
    while not json.loads(ask(directory, "swarm/peers"))["Peers"]:
        assert time.monotonic() < end, "its peer is not there"
        time.sleep(0.02)


def die(daemon):
    daemon.kill()
    daemon.wait()
    daemon.stdout.close()


def change_until_gone(state, dice):
    try:
        while True:
            state.change(dice)
    except (OSError, http.client.HTTPException):
        pass
    except AssertionError:
        # one that ends has closed its tunnels already
        if not state.is_ending:
            raise


def main():
    directory, rounds, seed, command = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    dice = random.Random(seed)
    fresh = directory + ".fresh"
    state = State(directory)
    for number in range(rounds):
        if number % 5 == 4:
            daemon = start(fresh, command)
            time.sleep(dice.uniform(0.05, 0.6))
            die(daemon)
            daemon = start(fresh, command)
            await_ready(daemon, fresh)
            die(daemon)
            shutil.rmtree(fresh)
        daemon = start(directory, command)
        await_ready(daemon, directory)
        state.verify()
        if number % 4 == 3:
            await_peer(directory)
        changes = threading.Thread(target=change_until_gone, args=(state, dice))
        moment = dice.uniform(0, 0.3)
        changes.start()
        time.sleep(moment)
        if number % 4 == 3:
            state.is_ending = True
            daemon.send_signal(signal.SIGTERM)
            time.sleep(moment / 10)
        die(daemon)
        changes.join()
        state.is_ending = False
    daemon = start(directory, command)
    await_ready(daemon, directory)
    state.verify()
    await_peer(directory)
    daemon.terminate()
    daemon.wait()
    assert "is ignored" not in open(directory + ".log").read(), "peers.json was broken"
    print(rounds)


if __name__ == "__main__":
    main()
