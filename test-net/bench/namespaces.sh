#!/usr/bin/env bash
# The groups of tools/bench that need network namespaces. Everything is in fresh ones and gone with this process; root is not needed where
# ordinary users may make them. usage: namespaces.sh link|idle, with what to measure in the environment (tools/bench)
#
#   link   client ── [near daemon] 10.99.0.2 ══ switch: 30 ms each way, 200 Mbit/s, loss ══ 10.99.0.1 [far daemon] ── service
#   idle   [near daemon] 10.99.N.2 ══ 10.99.N.1 [far daemon N], every rival with a wire of its own
if [ "${1-}" != inside ]; then
    user=-Ur
    [ "$(id -u)" != 0 ] || user=
    # shellcheck disable=SC2086
    exec unshare $user --net --mount --pid --fork --kill-child=SIGKILL --mount-proc bash "$0" inside "$@"
fi
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
set -e
. "$here/bench/rivals.sh"
. "$here/bench/groups.sh"
mount -t tmpfs tmpfs /run
ip link set lo up

ip netns attach near $$

# namespace NAME: without IPv6, which talks by itself
namespace() {
    ip netns add "$1"
    ip -n "$1" link set lo up
    ip netns exec "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
}

# wire NAMESPACE INTERFACE NAMESPACE INTERFACE: without offloads, so that frames are what they would be on a real one
wire() {
    ip link add "$2" netns "$1" type veth peer name "$4" netns "$3"
    local end
    for end in "$1 $2" "$3 $4"; do
        ip -n "${end% *}" link set "${end#* }" up
        ip netns exec "${end% *}" ethtool -K "${end#* }" tx off tso off gso off gro off >/dev/null 2>&1
    done
}

# number NAMESPACE INTERFACE ADDRESS: and cubic, which most hosts have. Some have BBR, which loss does not slow down, and only a route may choose.
number() {
    ip -n "$1" addr add "$3/24" dev "$2"
    ip -n "$1" route replace "${3%.*}.0/24" dev "$2" src "$3" congctl cubic || say "no cubic here: figures are of the default congestion control"
}

set_link() { # OPTION...
    [ -z "${switch-}" ] || { kill "$switch" && wait "$switch" || true; }
    ip netns exec between "$work/switch" near far delay=30 rate=200 "$@" >"$work/switch.out" 2>"$work/switch.log" &
    switch=$!
    wait_for 5 grep -q ready "$work/switch.out"
}

# through RIVAL FIGURE push|pull PORT BYTES: in Mbit/s
through() {
    local line
    line=$(run_load "$3" "$4" "$5") || { lost "$1" "$2" "$line"; return 0; }
    put "$1" "$2" "$(awk '{ print $2 * 8 }' <<<"$line")"
}

link() {
    local rival round kind echo sink source bytes
    gcc -O2 -o "$work/switch" "$here/bench/switch.c"
    namespace between
    namespace far
    wire near wan between near
    wire far wan between far
    number near wan 10.99.0.2
    number far wan 10.99.0.1
    host=10.99.0.1 far=(ip netns exec far)
    set_link
    start_services
    for rival in $rivals; do set_up "$rival"; done
    # all without loss first: a connection that has met loss takes minutes to come up to speed again
    for kind in link lossy; do
        if [ $kind = link ]; then bytes=$link_bytes; else set_link loss=0.1 && bytes=$lossy_bytes; fi
        for round in $(seq "$rounds"); do
            for rival in $rivals; do
                say "round $round of $rounds: $kind, $rival"
                read -r echo sink source <<<"${ports[$rival]}"
                through "$rival" "$kind-push" push "$sink" "$bytes"
                through "$rival" "$kind-pull" pull "$source" "$bytes"
            done
        done
    done
}

# what sleeps and is woken: not what is pushed off the CPU
wakeups() { awk '/^voluntary_ctxt_switches/ { sum += $2 } END { print sum }' $(printf '/proc/%s/task/*/status ' "$@"); }
wire_bytes() { awk -v name="$1:" '$1 == name { print $2 + $10 }' /proc/net/dev; }

idle() {
    local rival n=0
    declare -A woken carried
    for rival in $rivals; do
        n=$((n + 1))
        namespace "far$n"
        wire near "near$n" "far$n" wan
        number near "near$n" "10.99.$n.2"
        number "far$n" wan "10.99.$n.1"
        host=10.99.$n.1 far=(ip netns exec "far$n")
        start_services
        set_up "$rival"
    done
    say "idle for $((idle_seconds / 4)) seconds, then counting for $idle_seconds"
    sleep $((idle_seconds / 4))
    n=0
    for rival in $rivals; do n=$((n + 1)) woken[$rival]=$(wakeups ${pids[$rival]}) carried[$rival]=$(wire_bytes "near$n"); done
    sleep "$idle_seconds"
    n=0
    for rival in $rivals; do
        n=$((n + 1))
        put "$rival" wakeups $((($(wakeups ${pids[$rival]}) - woken[$rival]) * 3600 / idle_seconds))
        put "$rival" wire $((($(wire_bytes "near$n") - carried[$rival]) * 3600 / idle_seconds))
    done
}

# without what has no daemons, and for the link without what stays on loopback
chosen=
for rival in $rivals; do
    case $2/$rival in
        link/direct|*/adit-*|*/kubo-*|*/ssh) chosen+="$rival " ;;
    esac
done
rivals=$chosen
"$2"
