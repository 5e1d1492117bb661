#!/usr/bin/env bash
# What becomes of a tunnel when its relay dies, its NAT forgets, its address changes, its machine sleeps or has no network yet: it is usable again
# within 15 seconds of the network, with no command, and streams that were open are aborted, not left hanging.
# shellcheck source=test-net/nat/lab.sh
. "$(dirname "$(readlink -f "$0")")/../nat/lab.sh"
. "$here/nat/nodes.sh"

# pair KIND KIND: new sites with nodes, a listener at a and a forwarder at b that works; its port is then in $port
pair() {
    for site in a b; do remove_node $site; done
    sites "$1" "$2" && make_site_node a "$1" adit && make_site_node b "$2" adit && start_site_nodes \
        && wait_for 30 settled a "$1" && wait_for 30 settled b "$2" && within a offer a "echo" echo && forward b echo "/p2p/${ids[a]}" && usable
}
usable() { within b client first "$port" 15; }

# hold: a client that keeps a connection through the tunnel open; `aborted` waits until it is cut off
hold() {
    : >"$work/held"
    ip netns exec b timeout 100 python3 "$here/client.py" outcome "$port" 1 >"$work/held" 2>&1 &
    wait_for 10 has_streams b
}
has_streams() { ! no_streams "$1"; }
aborted() { wait_for "$1" grep -q '^reset' "$work/held" || { cat "$work/held"; return 1; }; }
is_path() { same "$1" "$(path b a)"; }
has_path() { wait_for "$2" is_path "$1"; }

# relay_used: which relay the connection goes through
relay_used() {
    local name
    for name in relay relay2; do at b status | grep -F "${ids[a]}" | grep -qF "${public[$name]}" && echo "$name"; done
}

must "the lab opens" open_lab
must "the daemons of the public hosts start" open_network
must "a second relay starts" start_relay relay2 kubo
relays="${relays%]}, \"$(address_at relay2)\"]"

must "two nodes that need a relay are connected" pair symmetric symmetric
must "over a relay" has_path relayed 5
used=$(relay_used)
must "which is known" test -n "$used"
must "a stream is open" hold
kill_node "$used"
check "the relay dies: an open stream is aborted" aborted 15
check "and the tunnel usable again over the other relay" usable
must "the relay comes back" within "$used" start_node "$used"
other=relay
[ "$used" != relay ] || other=relay2
reserved() { at a id -f '<addrs>\n' | grep p2p-circuit | grep -qF "${public[$1]}"; }
check "and is used again" wait_for 60 reserved "$used"
kill_node "$other" && within "$other" start_node "$other"
check "a relay that has forgotten the reservation gets another" wait_for 30 reserved "$other"

must "two nodes behind cones are connected" pair cone cone
must "directly" has_path punched 15
must "a stream is open" hold
forget b
check "the router forgets its mappings: the tunnel is usable again" usable
check "and the open stream has been aborted" aborted 15
check "and direct again" has_path punched 30
must "a stream is open" hold
renumber b 93.20.77.1
check "the public address changes: the tunnel is usable again" usable
check "and the open stream has been aborted" aborted 15
check "and direct again" has_path punched 30

must "a stream is open" hold
unplug b
sleep 5 # what is away for a moment only is nothing to repair
plug b
check "the network is away and comes back: the tunnel is usable again" usable
check "and direct again" has_path punched 30

must "a stream is open" hold
kill -STOP "$(pid_of b)"
sleep "$([ -n "${LONG:-}" ] && echo 600 || echo 40)"
forget b
kill -CONT "$(pid_of b)"
check "the machine has slept: the tunnel is usable again" usable
check "and the open stream has been aborted" aborted 15

stop_node b
unplug b
must "a daemon starts without a network" within b start_node b
forward b echo "/p2p/${ids[a]}"
within b client first "$port" 2
plug b
check "a tunnel made offline works when the network appears" usable

stop_node a
stop_node b
# the relays of before are found no other way: the DHT's servers, relays as every public Kubo, are met on the way through it
relays='[]' bootstrap="[\"$(address_at s1)\"]"
two_relays() { [ "$(told a id | grep -o '/p2p/[^/]*/p2p-circuit' | sort -u | wc -l)" -ge 2 ]; }
must "a node starts that knows one server of the DHT, and no relay" eval 'new_sites cone cone && remove_node a && make_site_node a cone adit && start_site_nodes a'
check "it finds relays in the DHT and has reservations at two" wait_for 60 two_relays
exit $failures
