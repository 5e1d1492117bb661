#!/usr/bin/env bash
# A daemon killed at random moments while it writes (200 with --long), and a disk that is full: what was answered is what is there.
#
#   power.py ── changes, kill -9 ── [a] peered with [b]          [c] on a disk of 256 kB
. "$(dirname "$0")/../lib.sh"
must "a daemon starts" start_node b adit
must "a daemon is made" make_node a adit
at a config --json Peering.Peers "[{\"ID\": \"$(peer_id b)\", \"Addrs\": [\"$(address b | sed 's,/p2p/.*,,')\"]}]" 2>/dev/null
rounds=$([ -n "${LONG:-}" ] && echo 200 || echo 12)
seed=${SEED:-$RANDOM}
survived() { same "$rounds" "$(python3 "$here/power.py" "$work/a" "$rounds" "$seed" "$adit" daemon 2>&1)"; }
check "killed at $rounds random moments, it starts with what it had answered (SEED=$seed)" survived
check "it knows its peer again" says "$(peer_id b)" "$work/a/peers.json"

# a disk of its own, in a mount namespace
[ "$(id -u)" = 0 ] || { skip "a small disk needs root"; exit $failures; }
mkdir "$work/disk"
cat >"$work/full.sh" <<'INSIDE'
set -u
mount -t tmpfs -o size=256k,mode=700 tmpfs "$work/disk" || exit 9
export ADIT_PATH=$work/disk/c
start() {
    : >"$work/c.log"
    "$adit" daemon >>"$work/c.log" 2>&1 &
    for _ in $(seq 600); do grep -q "Daemon is ready" "$work/c.log" && return; sleep 0.05; done
    return 1
}
fill() { ! cat /dev/zero >"$work/disk/filler" 2>/dev/null; }
"$adit" init >/dev/null && "$adit" config --json Addresses.Swarm '["/ip4/127.0.0.1/tcp/0"]' && "$adit" bootstrap rm --all >/dev/null || exit 1
start && "$adit" listen --save /x/kept /unix/kept && fill || exit 2
"$adit" listen --save /x/full /unix/full && exit 3
"$adit" ls | grep /x/full && exit 4
echo '{"Tunnels": {}}' | "$adit" apply - && exit 5
kill -9 $! && wait $!
start || exit 6
socket=/unix$ADIT_PATH/api.sock
"$adit" ls --api "$socket" | grep /x/kept || exit 7
rm "$work/disk/filler"
"$adit" listen --api "$socket" --save /x/more /unix/more && "$adit" shutdown --api "$socket"
wait
start && "$adit" ls | grep /x/more && "$adit" shutdown || exit 8
wait
INSIDE
full() { work=$work adit=$adit timeout 300 unshare --mount bash "$work/full.sh" >"$work/full.log" 2>&1 || { local status=$?; cat "$work/full.log"; return $status; }; }
check "on a full disk nothing is lost, and it starts" full
check "the error says why" says "config.json, the old one is kept: no space left on device" "$work/full.log"
exit $failures
