#!/usr/bin/env bash
# The public table, in a network of its own with addresses that look public, each node in another /16; Kubo's numbers and filters hold.
#
#   hub [Kubo, 50.1.0.1] ═══ kubo [Kubo, 50.2.0.1], server [adit, dhtserver, 50.3.0.1], client [adit, 50.4.0.1], seeker [adit, 50.5.0.1]
. "$(dirname "$0")/../lib.sh"
if [ -z "${IN_NAMESPACE:-}" ]; then
    need "Kubo" "$here/install-kubo"
    need "a network namespace" unshare -rn true
    need "ip" has ip iproute2
    rm -rf "$work"
    IN_NAMESPACE=1 exec unshare -rn "$0"
fi
ip link set lo up

# join NODE adit|kubo NUMBER TYPE [REACHABILITY]: starts a node at 50.NUMBER.0.1 with that Routing.Type
join() {
    local node=$1 kind=$2
    host=50.$3.0.1
    ip addr add "$host/32" dev lo
    mkdir -m 700 "$work/$node" && "make_$kind" "$node" tls >"$work/$node/made.log" 2>&1 || { cat "$work/$node/made.log"; return 1; }
    set_config "$node" Routing.Type "\"$4\"" ${5:+Internal.Libp2pForceReachability "\"$5\""} || return 1
    if [ -n "${hub:-}" ]; then at "$node" config --json Bootstrap "[\"$hub\"]" || return 1; fi
    start_node "$node" "$kind"
}

# finds NODE OTHER NUMBER: the addresses found are those of the other
finds() { timeout 30 env ADIT_PATH="$work/$1" IPFS_PATH="$work/$1" "$(cat "$work/$1/program")" routing findpeer "$(peer_id "$2")" | grep -F "/50.$3.0.1/"; }
status() { at "$1" status | grep -Eq "public: $2"; }

must "the hub starts" join hub kubo 1 dhtserver
host=50.1.0.1
hub=$(address hub)
must "another Kubo starts" join kubo kubo 2 dhtserver
must "an adit starts that serves" join server adit 3 dhtserver
must "an adit starts that nobody can reach" join client adit 4 auto private
must "an adit starts that seeks" join seeker adit 5 auto
check "the server has met the network" wait_for 20 status server "server, [1-9]"
check "who cannot be reached only asks" wait_for 20 status client "client, [1-9]"
check "the local tables stay empty" eval 'at seeker status | grep -q "local: server, 0 peers"'
check "adit finds Kubo" wait_for 20 finds seeker kubo 2
check "adit finds an adit that serves" wait_for 20 finds seeker server 3
check "adit finds an adit that only asks" wait_for 20 finds seeker client 4
check "Kubo finds an adit that serves" wait_for 20 finds kubo server 3
check "Kubo finds an adit that only asks" wait_for 20 finds kubo client 4
exit $failures
