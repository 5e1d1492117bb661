#!/usr/bin/env bash
# An adit relays for Kubo peers, in a network of its own with addresses that look public, each node in another /16.
#
#   relay [adit, 50.1.0.1] ═══ named [Kubo, 50.2.0.1], one of the relay's own peers: no limits
#                          ═══ guest [Kubo, 50.3.0.1], any other peer
#                          ═══ caller [Kubo, 50.4.0.1], reaches both through the relay; nobody punches
. "$(dirname "$0")/../lib.sh"
if [ -z "${IN_NAMESPACE:-}" ]; then
    need "Kubo" "$here/install-kubo"
    need "a network namespace" unshare -rn true
    need "ip" has ip iproute2
    rm -rf "$work"
    IN_NAMESPACE=1 exec unshare -rn "$0"
fi
ip link set lo up

# settle NODE adit|kubo NUMBER: makes a node at 50.NUMBER.0.1
settle() {
    host=50.$3.0.1
    ip addr add "$host/32" dev lo && make_node "$1" "$2" tls || return 1
    [ "$2" = adit ] || { at "$1" config --json Swarm.RelayClient.Enabled true && at "$1" config --json Swarm.EnableHolePunching false; }
}

# behind_relay NODE: it takes itself for one that cannot be dialled, and uses that relay
behind_relay() {
    at "$1" config --json Internal.Libp2pForceReachability '"private"' && at "$1" config --json Swarm.RelayClient.StaticRelays "[\"$relay\"]" \
        && start_node "$1" kubo
}

# circuit NODE: its address through the relay
circuit() { echo "$relay/p2p-circuit/p2p/$(peer_id "$1")"; }
has_reservation() { at "$1" id -f '<addrs>' | grep -qF "$relay/p2p-circuit"; }
only_relayed() {
    at "$1" swarm peers | grep -F "$(peer_id "$2")" | tee "$work/peers" | grep -qF "/p2p/$(peer_id relay)/p2p-circuit/p2p/" || { cat "$work/peers"; return 1; }
    same 1 "$(wc -l <"$work/peers")"
}
pings() { at "$1" ping -n 3 "$(peer_id "$2")" | grep -F 'Average latency'; }

must "nodes are made" eval 'settle relay adit 1 && settle named kubo 2 && settle guest kubo 3 && settle caller kubo 4'
must "the relay is configured" eval 'at relay config --bool Swarm.RelayService.Enabled true \
    && at relay config --json Swarm.RelayService.Unlimited "[\"$(at named config Identity.PeerID)\"]"'
host=50.1.0.1
must "the relay starts" start_node relay adit
relay=$(address relay)
must "Kubo peers start that cannot be dialled" eval 'behind_relay named && behind_relay guest'
must "the caller starts" start_node caller kubo

check "Kubo gets a reservation from adit, one of the relay's own peers" wait_for 60 has_reservation named
check "Kubo gets a reservation from adit, any peer" wait_for 60 has_reservation guest
for peer in named guest; do
    check "Kubo connects to Kubo through adit ($peer)" at caller swarm connect "$(circuit "$peer")"
    check "the connection is relayed ($peer)" only_relayed caller "$peer"
    check "ping goes through the relay ($peer)" pings caller "$peer"
done

must "a service is offered" offer named echo echo
must "the caller forwards to it" forward caller echo "$(circuit named)"
check "Kubo's own tunnel runs over a relay without limits: 2 MB and back" client echoed "$port" 2000000
check "it still is relayed" only_relayed caller named
check "the relay's status tells of it" eval 'at relay status | tee "$work/status" | grep -E "^relaying +[1-9][0-9]* circuits now, [1-9][0-9]* so far, [4-9][0-9]{3} kB; 2 reservations"'
check "and so do its metrics" eval 'at relay metrics | grep -xE "adit_relay_bytes_total [4-9][0-9]{6}"'
exit $failures
