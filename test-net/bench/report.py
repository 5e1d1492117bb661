#!/usr/bin/env python3
"""Makes what tools/bench shows of its figures: a table on stdout, and performance.{md,json,svg} in a folder.
usage: report.py FIGURES VERSIONS [--write FOLDER]   both files: tab-separated lines, RIVAL FIGURE VALUE and NAME TEXT"""
import json
import os
import statistics
import sys

BASE = "kubo-tls"

# figure: (title, unit, which is better: 1 more, -1 less)
FIGURES = {
    "push": ("push, one stream", "MB/s", 1),
    "pull": ("pull, one stream", "MB/s", 1),
    "push-cpu": ("push: CPU of both daemons", "CPU-s/GB", -1),
    "pull-cpu": ("pull: CPU of both daemons", "CPU-s/GB", -1),
    "trip-p50": ("round trip of 64 bytes, p50", "µs", -1),
    "trip-p99": ("round trip of 64 bytes, p99", "µs", -1),
    "setups-1": ("connections, 1 at a time", "/s", 1),
    "setups-1-p99": ("one connection of 1 at a time, p99", "µs", -1),
    "setups-16": ("connections, 16 at a time", "/s", 1),
    "setups-16-p99": ("one connection of 16 at a time, p99", "µs", -1),
    "rss-idle": ("resident, idle with tunnels", "MB", -1),
    "rss-after": ("resident, after the load", "MB", -1),
    "rss-peak": ("resident, highest so far", "MB", -1),
    "rss-1000": ("resident, 1000 idle streams", "MB", -1),
    "rss-10000": ("resident, 10 000 idle streams", "MB", -1),
    "streams-10000": ("idle streams held, of 10 000", "", 1),
    "ready": ("daemon ready", "ms", -1),
    "call": ("one call: p2p ls", "ms", -1),
    "version-call": ("one call: version", "ms", -1),
    "installed": ("installed, with the runtime", "MB", -1),
    "link-push": ("60 ms, 200 Mbit/s: push", "Mbit/s", 1),
    "link-pull": ("60 ms, 200 Mbit/s: pull", "Mbit/s", 1),
    "lossy-push": ("the same, 0.1 % loss: push", "Mbit/s", 1),
    "lossy-pull": ("the same, 0.1 % loss: pull", "Mbit/s", 1),
    "wakeups": ("idle wake-ups of both daemons", "/h", -1),
    "wire": ("idle bytes on the wire", "B/h", -1),
}


def load(path):
    """{rival: {figure: [values]}} in the order measured, and the commands of the run."""
    values, commands = {}, []
    for line in open(path, encoding="utf-8"):
        rival, figure, value = line.rstrip("\n").split("\t")
        if rival == "run":
            commands.append(value)
            continue
        try:
            values.setdefault(rival, {}).setdefault(figure, []).append(float(value))
        except ValueError:
            print(f"bench: {rival} {figure}: no figure but '{value}'", file=sys.stderr)
    return values, list(dict.fromkeys(commands))


def number(value):
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def cell(values, rival, figure):
    """(median, ratio to the base or '', spread or '') as text, or None."""
    got = values[rival].get(figure)
    if not got:
        return None
    median = statistics.median(got)
    base = values.get(BASE, {}).get(figure)
    ratio = ""
    if base and rival != BASE and statistics.median(base):
        ratio = f"×{median / statistics.median(base):.2f}"
    return number(median), ratio, f"{number(min(got))}..{number(max(got))}" if len(got) > 1 else ""


def shown(values):
    return [figure for figure in FIGURES if any(figure in figures for figures in values.values())]


def label(figure):
    title, unit, _ = FIGURES[figure]
    return f"{title}, {unit}" if unit else title


def text_table(values):
    wide = max([len(label(f)) for f in shown(values)] + [10]) + 1
    lines = [" " * wide + "".join(f"{rival:>16}" for rival in values)]
    for figure in shown(values):
        cells = [cell(values, rival, figure) for rival in values]
        lines.append(f"{label(figure):{wide}}" + "".join(f"{f'{c[0]} {c[1]}'.strip() if c else '-':>16}" for c in cells))
        if any(c and c[2] for c in cells):
            lines.append(" " * wide + "".join(f"{c[2] if c else '':>16}" for c in cells))
    return "\n".join(lines)


def markdown_table(values, figures):
    rivals = [rival for rival in values if any(figure in values[rival] for figure in figures)]
    lines = ["| | " + " | ".join(rivals) + " |", "|---|" + "---:|" * len(rivals)]
    for figure in figures:
        cells = [cell(values, rival, figure) for rival in rivals]
        arrow = "↑" if FIGURES[figure][2] > 0 else "↓"
        lines.append(f"| {label(figure)} {arrow} | " + " | ".join(
            "–" if not c else f"**{c[0]}** {c[1]}" + (f"<br>{c[2]}" if c[2] else "") for c in cells) + " |")
    return "\n".join(lines)


STYLE = """text{font:12px system-ui,sans-serif;fill:#1f2328}.t{font-weight:600}.q{fill:#59636e}.bar{fill:#8c959f}.adit{fill:#0969da}.limit{fill:#d0d7de}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.q{fill:#9198a1}.bar{fill:#6e7681}.adit{fill:#4493f8}.limit{fill:#3d444d}}"""
LIMITS = ("direct", "socat", "channel-tls", "channel-noise")


def picture(values):
    """Panels of horizontal bars, three a row, one for each figure."""
    panels = [figure for figure in shown(values) if figure not in ("version-call", "rss-peak")]
    tall, width, columns = 34 + 16 * len(values), 340, 3
    rows = -(-len(panels) // columns)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {columns * width} {rows * tall}" role="img"'
           f' aria-label="adit and its rivals, bars of every figure"><style>{STYLE}</style>']
    for i, figure in enumerate(panels):
        x, y = i % columns * width + 8, i // columns * tall
        better = "more" if FIGURES[figure][2] > 0 else "less"
        out.append(f'<text class="t" x="{x}" y="{y + 20}">{label(figure)} <tspan class="q" font-weight="400">({better} is better)</tspan></text>')
        got = {rival: statistics.median(figures[figure]) for rival, figures in values.items() if figures.get(figure)}
        most = max(got.values()) or 1
        for row, (rival, median) in enumerate(got.items()):
            at = y + 30 + 16 * row
            kind = "adit" if rival.startswith("adit") else "limit" if rival in LIMITS else "bar"
            length = max(1, 170 * median / most)
            out.append(f'<text class="q" x="{x + 84}" y="{at + 10}" text-anchor="end">{rival}</text>'
                       f'<rect class="{kind}" x="{x + 90}" y="{at}" width="{length:.1f}" height="12" rx="2"/>'
                       f'<text x="{x + 95 + length:.1f}" y="{at + 10}">{number(median)}</text>')
    return "\n".join(out + ["</svg>"]) + "\n"


GROUPS = [
    ("One stream", "push pull push-cpu pull-cpu",
     "`channel-*` is adit's own secure channel between two processes, with no muxer and no tunnel around it; `direct` is the bare socket."),
    ("Latency", "trip-p50 trip-p99 setups-1 setups-1-p99 setups-16 setups-16-p99",
     "The whole way from the client's `write` to its `read`; a connection is connect, one byte there and back, close."),
    ("Footprint", "rss-idle rss-after rss-peak rss-1000 rss-10000 streams-10000 ready call version-call installed",
     "Memory is the resident set of the larger of the two daemons. Kubo holds no more than 256 streams on a QUIC connection."),
    ("A long link", "link-push link-pull lossy-push lossy-pull",
     "One stream over 60 ms round trip and 200 Mbit/s, cubic congestion control, and the same with 0.1 % of the packets lost each way. The link counts "
     "whole\nframes, and TCP takes half a second to come up to speed: `direct`, the bare socket, has no more without loss. With loss TCP alone decides "
     "(Mathis'\nformula: 7 Mbit/s, unless a transfer ends before); `direct` begins a connection for every transfer, tunnels stay on one."),
    ("Idle", "wakeups wire",
     "Two connected daemons with tunnels that nobody uses: voluntary context switches of all their threads, bytes of all frames between them. "
     "ssh\nsays nothing, and does not notice a peer that is gone, unless it is configured to (`ServerAliveInterval`)."),
]


def document(values, commands, versions):
    parts = ["# Performance\n",
             "Measured by `tools/bench`, which anyone can run again; every rival and every limit in alternating rounds of one run. Absolute figures move",
             f"with the machine: what counts are the ratios (×, to `{BASE}`, Kubo over TCP, TLS and yamux). Medians, and below them the least and the",
             "greatest of the rounds. ↑ more is better, ↓ less is better.\n",
             "![bars of every figure](performance.svg)\n"]
    for title, figures, note in GROUPS:
        present = [figure for figure in figures.split() if figure in shown(values)]
        if present:
            parts += [f"## {title}\n{note}\n", markdown_table(values, present) + "\n"]
    parts.append("## How\n" + "\n".join(f"- {name}: {text}" for name, text in versions.items()))
    parts += [f"- command: `{command}`" for command in commands]
    parts.append("\nWhat the time goes into, and why it is not less: [speed.md](speed.md). The figures themselves: [performance.json](performance.json).\n"
                 "`ssh` is `ssh -L` to an sshd with its ordinary configuration. "
                 "Kubo runs without DHT\nand with its `test` profile, that is with less to do than by default; `kubo-quic` is what two Kubos choose by default.")
    return "\n".join(parts) + "\n"


def as_json(values, commands, versions):
    figures = {figure: {"title": FIGURES[figure][0], "unit": FIGURES[figure][1], "better": "more" if FIGURES[figure][2] > 0 else "less",
                        "rivals": {rival: {"median": statistics.median(got[figure]), "least": min(got[figure]), "most": max(got[figure]),
                                           "values": got[figure]} for rival, got in values.items() if got.get(figure)}}
               for figure in shown(values)}
    return json.dumps({"versions": versions, "commands": commands, "figures": figures}, indent=1, ensure_ascii=False) + "\n"


def main():
    values, commands = load(sys.argv[1])
    versions = dict(line.rstrip("\n").split("\t", 1) for line in open(sys.argv[2], encoding="utf-8"))
    with open(sys.argv[1] + ".json", "w", encoding="utf-8") as file:
        file.write(as_json(values, commands, versions))
    if "--write" in sys.argv:
        folder = sys.argv[sys.argv.index("--write") + 1]
        os.makedirs(folder, exist_ok=True)
        for suffix, text in ("md", document(values, commands, versions)), ("json", as_json(values, commands, versions)), ("svg", picture(values)):
            with open(os.path.join(folder, "performance." + suffix), "w", encoding="utf-8") as file:
                file.write(text)
    print(text_table(values))


main()
