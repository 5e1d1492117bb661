#!/usr/bin/env bash
# tools/bench with next to nothing to carry: every group, every kind of rival that needs no download, and what it writes.
. "$(dirname "$0")/../lib.sh"
need "gcc" has gcc gcc
need "ssh" has ssh openssh-client
need "sshd" eval '[ -x /usr/sbin/sshd ] || has sshd openssh-server'
export BENCH_FIGURES=$work/figures
bench() { timeout 120 "$root/tools/bench" --bytes 500000 --rounds 1 "$@" >"$work/table" 2>"$work/progress" || { tail -n 20 "$work/progress"; return 1; }; }
# has_figures FIGURE...: in the JSON, for a tunnel of adit, and more than nothing
has_figures() {
    python3 - "$work/figures.json" "$@" <<'END'
import json
import sys

figures = json.load(open(sys.argv[1]))["figures"]
missing = [name for name in sys.argv[2:] if figures.get(name, {"rivals": {}})["rivals"].get("adit-tls", {"median": 0})["median"] <= 0]
sys.exit(f"missing: {missing}" if missing else 0)
END
}

check "tools/bench on loopback" bench --rivals "adit-tls ssh channel-noise direct" --only "bulk trip setups memory start"
check "has every figure of it" has_figures push pull push-cpu pull-cpu trip-p50 trip-p99 setups-1 setups-16-p99 rss-idle rss-after ready call
check "nothing was lost" eval '! grep lost "$work/progress"'
if unshare -Urn true 2>/dev/null || [ "$(id -u)" = 0 ]; then
    check "tools/bench in network namespaces" bench --add --rivals "adit-tls direct" --only "link idle"
    check "has every figure of it, and the earlier ones" has_figures link-push link-pull lossy-push lossy-pull wakeups push
else
    lack "network namespaces are not allowed here"
fi
python3 "$here/bench/report.py" "$work/figures" <("$here/bench/versions.sh") --write "$work/docs" >/dev/null
check "the document tells them" says "round trip of 64 bytes" "$work/docs/performance.md"
check "the picture is well-formed" python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$work/docs/performance.svg"
exit $failures
