#!/usr/bin/env bash
# Peers that know nothing of each other but an id, in a private network with one bootstrap address, beside real Kubo daemons.
#
#   hub [Kubo] ═══ kubo [Kubo], server [adit], client [adit, Routing.Type autoclient], seeker [adit]; each knows the hub's address alone
. "$(dirname "$0")/../lib.sh"
need "Kubo" "$here/install-kubo"

# join NODE adit|kubo TYPE: starts a node with that Routing.Type in the local network, which here is loopback
join() {
    local node=$1 kind=$2
    mkdir -m 700 "$work/$node" && "make_$kind" "$node" tls >"$work/$node/made.log" 2>&1 || { cat "$work/$node/made.log"; return 1; }
    at "$node" config Routing.Type "$3" && at "$node" config --json Routing.LoopbackAddressesOnLanDHT true || return 1
    if [ -n "${hub:-}" ]; then at "$node" config --json Bootstrap "[\"$hub\"]" || return 1; fi
    start_node "$node" "$kind"
}

# finds NODE OTHER: the address it finds is one that the other has
finds() {
    local found
    found=$(timeout 30 "$(cat "$work/$1/program")" routing findpeer "$(peer_id "$2")") && grep -qF "$(listening "$2")" <<<"$found" ||
        { echo "found: $found; wanted: $(listening "$2")"; return 1; }
}
listening() { address "$1" | sed 's,/p2p/.*,,'; }

# as NODE finds OTHER, for the node's own command line
search() { ADIT_PATH=$work/$1 IPFS_PATH=$work/$1 finds "$1" "$2"; }

must "the hub starts" join hub kubo dht
hub=$(address hub)
must "another Kubo starts" join kubo kubo dht
must "an adit starts that serves" join server adit auto
must "an adit starts that only asks" join client adit autoclient
must "an adit starts that seeks" join seeker adit auto

advertises() { at "$1" id "$(peer_id "$2")" | grep -q /ipfs/lan/kad/1.0.0; }
must "the seeker has met the network" wait_for 20 eval 'at seeker status | grep -Eq "local: server, [1-9]"'
must "the client has met the network" wait_for 20 eval 'at client status | grep -Eq "local: client, [1-9]"'
must "the server has met the network" wait_for 20 eval 'at server status | grep -Eq "local: server, [1-9]"'
check "Kubo hears that the server serves" wait_for 20 advertises hub server
check "Kubo hears that the client does not" eval '! advertises hub client'

for other in kubo server client; do
    check "adit finds $other by its id" wait_for 20 search seeker $other
done
for other in server client seeker; do
    check "Kubo finds $other by its id" wait_for 20 search kubo $other
done
check "a client finds another node by its id" wait_for 20 search client kubo

kubo_asks() { same "$(listening server)" "$(timeout 30 "$ipfs" --api "/unix$work/seeker/api.sock" routing findpeer "$(peer_id server)")"; }
check "Kubo's command line asks an adit" kubo_asks

offer server greet greet
at seeker p2p forward /x/greet /ip4/127.0.0.1/tcp/0 "/p2p/$(peer_id server)" 2>"$work/forward.log"
port=$(at seeker p2p ls | awk '$1 == "/x/greet" {split($2, part, "/"); print part[5]}')
check "a tunnel to nothing but an id" same "220 welcome" "$(client dialogue "$port")"

none=12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp
check "who is nowhere is said to be unknown" eval '! at seeker routing findpeer '$none' 2>"$work/none.log"; grep -q "none has seen it" "$work/none.log"'
must "another adit is started" join moving adit auto
check "it is found" wait_for 20 search seeker moving
stop_node moving
set_addresses moving '["/ip4/127.0.0.1/tcp/0"]'
start_node moving adit
check "and found again after it has moved" wait_for 20 search seeker moving
exit $failures
