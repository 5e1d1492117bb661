#!/usr/bin/env python3
"""Makes what test-net/nat/matrix shows of its results: a table on stdout, and nat.md and nat.json in a folder.
usage: report.py RESULTS VERSIONS [--write FOLDER]   both files have tab-separated lines, see tries.sh and versions.sh"""
import collections
import json
import math
import os
import statistics
import sys

KINDS = ["none", "full", "restricted", "cone", "symmetric", "double", "firewall", "shared"]
SEATS = ["adit_adit", "adit_kubo", "kubo_adit", "kubo_kubo", "kubo-quic_kubo-quic"]
WAYS = ["direct", "punched", "relayed", "none"]
UNREADY = "unready"

Try = collections.namedtuple("Try", "seats listener forwarder number first connections claim behind way changed attempts")


def load(path):
    """The tries and the commands of the run."""
    tries, commands = [], []
    for line in open(path, encoding="utf-8"):
        words = line.rstrip("\n").split("\t")
        if words[0] == "run":
            commands.append(words[1])
        else:
            tries.append(Try(*words))
    return tries, list(dict.fromkeys(commands))


def possible(listener, forwarder):
    """What the NATs allow over TCP when both sides do all they can: direct, punched, relayed."""
    pair = {listener, forwarder}
    if "shared" in pair:
        return "relayed"
    if "none" in pair:
        return "direct"
    if "symmetric" in pair and not pair & {"full", "restricted"}:
        return "relayed"
    return "punched"


def outcome(one):
    """How the bytes really went, in the node's words where it may know better."""
    return one.claim if one.way == "direct" and one.claim in ("direct", "punched") else one.way


def is_lie(one):
    """The forwarder's node has said direct of what is relayed, or the reverse."""
    return one.way == "relayed" and one.claim != "relayed" or one.way == "direct" and one.claim not in ("direct", "punched")


def attempts(one):
    """Of a DCUtR until the nodes were connected directly, infinite when that failed; None when there was no need of one, or it has not been told."""
    return None if one.attempts == "-" else int(one.attempts) if one.way == "direct" else math.inf


def summary(tries):
    """The figures of one pair in one seat."""
    ready = [one for one in tries if one.claim != UNREADY]
    firsts = sorted(int(one.first) for one in ready if one.first != "-")
    direct = sorted(int(one.changed) for one in ready if one.way == "direct")
    return {
        "tries": len(tries),
        "ways": {way: count for way in WAYS + ["unclear"] if (count := sum(outcome(one) == way for one in ready))},
        "unready": len(tries) - len(ready),
        "first_byte_ms": {"median": statistics.median(firsts), "max": firsts[-1]} if firsts else None,
        "direct_ms": {"median": statistics.median(direct), "max": direct[-1]} if direct else None,
        "attempts": collections.Counter(one.attempts for one in ready if attempts(one)),
        "connections": max((int(one.connections) for one in ready if one.connections != "-"), default=0),
        "lies": sum(map(is_lie, ready)),
    }


def cell(figures):
    ways = ", ".join(f"{way} {count}" for way, count in figures["ways"].items())
    if figures["unready"]:
        ways = ", ".join(filter(None, [ways, f"not ready {figures['unready']}"]))
    if figures["first_byte_ms"]:
        ways += f"; {figures['first_byte_ms']['median'] / 1000:.1f} s"
        if figures["first_byte_ms"]["max"] > 2 * figures["first_byte_ms"]["median"]:
            ways += f", at most {figures['first_byte_ms']['max'] / 1000:.1f}"
    return ways + (f"; **{figures['lies']} told wrong**" if figures["lies"] else "")


def table(pairs, seats):
    yield "| listener | forwarder | possible | " + " | ".join(map(title, seats)) + " |"
    yield "|---|---|---|" + "---|" * len(seats)
    for (listener, forwarder), figures in pairs.items():
        cells = " | ".join(cell(figures[seat]) if seat in figures else "" for seat in seats)
        yield f"| {listener} | {forwarder} | {possible(listener, forwarder)} | {cells} |"


def totals(groups, seats):
    """All pairs of a seat together; the pairs differ from seat to seat, so each has its own numbers of tries."""
    yield "| | direct where that is possible | of those punched, at the first attempt | within three | median, slowest | a tunnel where only a relay is | told wrong |"
    yield "|---|---|---|---|---|---|---|"
    for seat in seats:
        tries = [(possible(*pair), one) for pair, some in groups.items() for one in some.get(seat, []) if one.claim != UNREADY]
        near = [one for way, one in tries if way != "relayed"]
        far = [one for way, one in tries if way == "relayed"]
        firsts = [int(one.first) / 1000 for one in near if one.first != "-"]
        yield " | ".join([f"| {title(seat)}", share([one.way == "direct" for one in near]),
                          *(share([number <= most for one in near if (number := attempts(one))]) for most in (1, 3)),
                          f"{statistics.median(firsts):.1f} s, {max(firsts):.1f} s" if firsts else "-",
                          share([one.way in ("direct", "relayed") for one in far]), f"{sum(is_lie(one) for _, one in tries)} |"])


def share(good):
    return f"{100 * sum(good) // len(good)} % ({sum(good)} of {len(good)})" if good else "-"


def title(seats):
    listener, forwarder = seats.split("_")
    return f"{listener} → {forwarder}"


TEXT = """# Behind NATs
Two nodes behind routers of every kind, and how a tunnel between them comes about. Written by the run itself:
`{command}`.

{versions}

A network of its own on one machine: two sites behind kernel NATs, 70 ms from one to the other and back, four servers of the DHT and a relay on public
hosts, all Kubo, addresses that look public (`test-net/nat/lab.sh` has the drawing and says what each kind of NAT is, `53-nat-lab` proves that they are).
For every try routers and nodes are new. A node knows the servers, the relay, and of the other node nothing but its peer id. Once both are connected
with the servers and have a reservation at the relay, the time starts: `forward`, a client connects to the forwarder, again when it is cut off, until a
byte comes back from an echo service: the median of all tries is in the table.
Then a relayed connection has 12 seconds to become a direct one, and {payload} bytes go through the tunnel, there and back: *relayed* means that the
relay's host has seen them, whatever the nodes say; where both differ the table says *told wrong*. *punched* is what the node itself calls so, *direct*
what it has dialled or accepted as any other connection. *none*: no byte came back within 40 seconds, or the tunnel carried the {payload} bytes no more.
`Internal.Libp2pForceReachability` tells Kubo whether it is public; adit finds out. TCP alone, but for kubo-quic.
An *attempt* is one CONNECT and SYNC of a DCUtR; how many it took, adit's log tells. js-libp2p is not in the table: it never dials from the port that it
listens on, and can be punched with only where a NAT lets any port of the peer's host in (`test-net/run 57`).
The kernel's NAT follows the sequence numbers of TCP, as most routers' does: a SYN to a peer that is not punching yet spoils the port for it.
A Kubo behind a restricted NAT takes itself for public when those that it has dialled can dial it, makes no reservation then, and nobody else reaches it:
*none*. Kubo dials once in an attempt, so that between two firewalls that answer with a RST one that comes too early is lost; that happened on busy
cores only (with one lab alone 8 of 8 were punched at the first attempt). adit dials again at once.
Four labs at a time keep both cores busy, with which a first byte takes about a second more than with two.

{table}

*listener → forwarder*: which program the nodes are. *median, slowest*: of the first byte. *possible*: what these NATs allow over TCP when both sides do all they can.
"""


def main():
    tries, commands = load(sys.argv[1])
    versions = dict(line.rstrip("\n").split("\t") for line in open(sys.argv[2], encoding="utf-8"))
    groups = collections.defaultdict(lambda: collections.defaultdict(list))
    for one in tries:
        groups[one.listener, one.forwarder][one.seats].append(one)
    order = sorted(groups, key=lambda pair: [KINDS.index(kind) for kind in pair])
    pairs = {pair: {seats: summary(some) for seats, some in groups[pair].items()} for pair in order}
    seats = [seats for seats in SEATS if any(seats in figures for figures in pairs.values())]
    text = "\n".join([*totals(groups, seats), "", *table(pairs, seats)])
    print(text)
    if sys.argv[3:4] == ["--write"]:
        write(sys.argv[4], commands, versions, pairs, text)


def write(folder, commands, versions, pairs, text):
    with open(os.path.join(folder, "nat.md"), "w", encoding="utf-8") as file:
        file.write(TEXT.format(command="`, `".join(commands), table=text, payload="50 000",
                               versions="\n".join(f"- {name}: {value}" for name, value in versions.items())))
    with open(os.path.join(folder, "nat.json"), "w", encoding="utf-8") as file:
        rows = [{"listener": pair[0], "forwarder": pair[1], "possible": possible(*pair), "seats": figures} for pair, figures in pairs.items()]
        json.dump({"commands": commands, "versions": versions, "pairs": rows}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
