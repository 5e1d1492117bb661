#!/usr/bin/env bash
# AutoNAT with Kubo on either side, in a network of its own with addresses that look public. A firewall lets no stranger in to two of the nodes:
# shut-kubo can be dialled by the adits' swarms, which do so from the ports that they listen on, but not dialled back.
#
#   kubo [Kubo, 50.1.0.1], shut-kubo [Kubo, 50.2.0.1 ▒] ═══ adit [adit, 50.11.0.1], other [adit, 50.12.0.1], shut-adit [adit, 50.13.0.1 ▒]
. "$(dirname "$0")/../lib.sh"
if [ -z "${IN_NAMESPACE:-}" ]; then
    need "Kubo" "$here/install-kubo"
    need "a network namespace" unshare -rn true
    need "ip" has ip iproute2
    need "nft" has nft nftables
    rm -rf "$work"
    IN_NAMESPACE=1 exec unshare -rn "$0"
fi
ip link set lo up

# join NODE adit|kubo NUMBER [TYPE]: starts a node at 50.NUMBER.0.1
join() {
    host=50.$3.0.1
    ip addr add "$host/32" dev lo
    make_node "$1" "$2" tls && set_config "$1" Routing.Type "\"${4:-none}\"" && start_node "$1" "$2" \
        && echo "$host" >"$work/$1/host" && address "$1" >"$work/$1/address"
}
# connect NODE OTHER: the first one dials. By the address that the other had at its start: Kubo tells it no more once it is known not to work.
connect() { timeout 20 env ADIT_PATH="$work/$1" "$adit" swarm connect "$(cat "$work/$2/address")"; }
port_of() { cut -d / -f 5 "$work/$1/address"; }
# shut IP [PORTS]: nobody comes in there unless from one of these ports
shut() { nft add rule ip filter input ip daddr "$1" tcp flags '& (syn|ack) == syn' tcp sport != "{ ${2:-1} }" drop; }

# kubo_says NODE WORD SECTION: its report's word for the node, and the section its address is in
kubo_says() {
    at "$1" swarm addrs autonat >"$work/$1/autonat"
    grep -q "Reachability: $2$" "$work/$1/autonat" && sed -n "/^  $3:/,/^  [A-Z]/p" "$work/$1/autonat" | grep -q "/$(cat "$work/$1/host")/tcp/"
}
# adit_says NODE WORD: the line of status, and its JSON
adit_says() {
    at "$1" status | grep "^reachability $2, .*/$(cat "$work/$1/host")/tcp/" && at "$1" status --enc=json | grep -q "\"Reachability\":{\"State\":\"$2\""
}

must "an adit starts" join adit adit 11 auto
must "another one starts" join other adit 12
must "adit does not know before anybody has told" eval 'at adit status | grep -q "^reachability not known yet"'
must "a firewall" eval "nft add table ip filter && nft add chain ip filter input '{ type filter hook input priority 0; }'"
must "few come in to one of the nodes, nobody to the other" eval 'shut 50.2.0.1 "$(port_of adit), $(port_of other)" && shut 50.13.0.1'
must "a Kubo starts" join kubo kubo 1
must "a Kubo starts behind a firewall" join shut-kubo kubo 2
for node in adit other; do
    must "$node is connected" eval "connect $node kubo && connect $node shut-kubo"
done
check "Kubo is told by adit that it is public" wait_for 90 kubo_says kubo Public Reachable
check "Kubo is told by adit that it is private" wait_for 90 kubo_says shut-kubo Private Unreachable
check "adit is told by Kubo that it is public" wait_for 60 adit_says adit public
check "that makes it a server of the DHT" wait_for 90 eval 'at adit status | grep -q "public: server"'
at adit why >"$work/why.log" 2>&1
check "adit why names who has dialled it" eval 'grep -q "$(peer_id kubo) at /ip4/.* has dialled it: /ip4/50.11.0.1/tcp/" "$work/why.log"'

must "an adit starts behind a firewall" join shut-adit adit 13
must "the firewall before Kubo lets it in" eval 'nft flush chain ip filter input && shut 50.2.0.1 "$(port_of shut-adit)" && shut 50.13.0.1'
must "it is connected" eval 'connect shut-adit kubo && connect shut-adit shut-kubo'
check "adit is told by Kubo that it is private" wait_for 60 adit_says shut-adit private
at shut-adit id >"$work/id.log"
check "it still takes dial-backs" grep -q /libp2p/autonat/2/dial-back "$work/id.log"
check "and serves AutoNAT no more" eval '! grep -q -e /libp2p/autonat/2/dial-request -e /libp2p/autonat/1 "$work/id.log"'
exit $failures
