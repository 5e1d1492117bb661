#!/usr/bin/env bash
# Peers of one LAN find each other with no other node at all: real multicast between two network namespaces.
#
#   namespace 1: 10.77.0.1, fd77::1      ── veth ──      namespace 2: 10.77.0.2, fd77::2
#   [a] adit, [q] adit with mDNS off                     [b] adit, [k] Kubo, js-libp2p
here=$(dirname "$(dirname "$(readlink -f "$0")")")
if [ -z "${IN_NAMESPACE:-}" ] && unshare -rn true 2>/dev/null; then
    # what must be fetched is fetched while there is a network
    "$here/install-js" >/dev/null 2>&1
    "$here/install-kubo" >/dev/null 2>&1
    IN_NAMESPACE=1 exec unshare -rn "$0"
fi
. "$(dirname "$0")/../lib.sh"
[ -n "${IN_NAMESPACE:-}" ] && command -v ip >/dev/null || { lack "network namespaces cannot be made here (unshare -rn, ip)"; exit $failures; }

network() {
    ip link set lo up && ip link add near type veth peer name far && ip link set far netns "$1" &&
        ip address add 10.77.0.1/24 dev near && ip address add fd77::1/64 dev near nodad && ip link set near up &&
        "$work/there" ip link set lo up && "$work/there" ip address add 10.77.0.2/24 dev far &&
        "$work/there" ip address add fd77::2/64 dev far nodad && "$work/there" ip link set far up &&
        "$work/there" ip route add default via 10.77.0.1 # js-libp2p's multicast goes where this leads
}
unshare -n sleep 1000 &
second=$!
is_second() { ! same "$(readlink /proc/self/ns/net)" "$(readlink /proc/$second/ns/net)"; }
wait_for 5 is_second
printf '#!/bin/sh\nexec nsenter --net=/proc/%s/ns/net "$@"\n' $second >"$work/there"
printf '#!/bin/sh\nexec %s %s "$@"\n' "$work/there" "$adit" >"$work/there-adit"
printf '#!/bin/sh\nexec %s %s "$@"\n' "$work/there" "$ipfs" >"$work/there-ipfs"
chmod +x "$work/there" "$work/there-adit" "$work/there-ipfs"
must "two hosts and a cable" network $second

# lan_node NODE: an adit that listens on every address
lan_node() {
    make_node "$1" adit && set_addresses "$1" '["/ip4/0.0.0.0/tcp/0","/ip6/::/tcp/0"]' && at "$1" config --bool Discovery.MDNS.Enabled "$2" 2>/dev/null
}
connected_to() { at "$1" swarm peers | grep -q "$2"; }

lan_node a true
lan_node b true
lan_node q false
echo "$work/there-adit" >"$work/b/program"
must "adit starts" start_node a
must "another starts, mDNS off" start_node q
must "one starts on the other host" start_node b
check "two adits find each other" wait_for 15 connected_to a "$(peer_id b)"
offer a digest digest
forward b digest "/p2p/$(peer_id a)"
there_client() { timeout 60 "$work/there" python3 "$here/client.py" "$@"; }
check "a tunnel by the peer's id alone" there_client digest "$port" 1000000
check "who has mDNS off is not found" eval '! connected_to a "$(peer_id q)" && ! connected_to b "$(peer_id q)"'
check "nor does it find anybody" same '{"Peers":null}' "$(at q swarm peers --enc=json)"

late=$(peer_id b)
"$work/there" timeout 60 python3 "$here/mdns-goodbye.py" >"$work/goodbye.log" 2>&1 &
must "the network is listened to" wait_for 10 says listening "$work/goodbye.log"
stop_node b
check "who stops says goodbye" wait_for 20 says "goodbye of $late" "$work/goodbye.log"
must "the other host's adit starts again" start_node b
check "who comes back is found again" wait_for 15 connected_to a "$late"

if [ -x "$ipfs" ]; then
    make_node k kubo
    at k config --json Discovery.MDNS.Enabled true
    at k config --json Addresses.Swarm '["/ip4/0.0.0.0/tcp/0","/ip6/::/tcp/0"]'
    echo "$work/there-ipfs" >"$work/k/program"
    must "Kubo starts" start_node k
    check "adit and Kubo find each other" wait_for 20 connected_to a "$(peer_id k)"
    stop_node a
    must "adit starts after Kubo" start_node a
    check "adit and Kubo find each other, adit being the newcomer" wait_for 20 connected_to k "$(peer_id a)"
else
    lack "Kubo is not there"
fi
if [ -x "$cache/js/node" ]; then
    "$work/there" timeout 100 "$cache/js/node" "$cache/js/peer.mjs" mdns tls >"$work/js.log" 2>&1 &
    must "js-libp2p starts" wait_for 20 says /p2p/ "$work/js.log"
    js_id=$(sed -n '1s/.*\/p2p\///p' "$work/js.log")
    check "js-libp2p finds adit" wait_for 20 says "found $(peer_id a)" "$work/js.log"
    check "adit finds js-libp2p" wait_for 20 connected_to a "$js_id"
else
    lack "js-libp2p is not there"
fi
exit $failures
