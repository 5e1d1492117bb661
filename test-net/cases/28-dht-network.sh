#!/usr/bin/env bash
# A private network of ten real Kubo daemons and three adit, in a namespace with addresses that look public, each in another /16. All know
# one address, the hub's, and each other's ids.
#
#   hub [Kubo, 50.1.0.1] ═══ k2 … k10 [Kubo, dhtserver]; server [adit, dhtserver], client [adit, autoclient], plain [adit, auto]
. "$(dirname "$0")/../lib.sh"
if [ -z "${IN_NAMESPACE:-}" ]; then
    need "Kubo" "$here/install-kubo"
    need "a network namespace" unshare -rn true
    need "ip" has ip iproute2
    rm -rf "$work"
    IN_NAMESPACE=1 exec unshare -rn "$0"
fi
ip link set lo up

# join NODE adit|kubo NUMBER TYPE: a node at 50.NUMBER.0.1 with that Routing.Type, started, and not waited for; it offers /x/NODE, an echo
join() {
    local node=$1 kind=$2
    host=50.$3.0.1
    ip addr add "$host/32" dev lo
    mkdir -m 700 "$work/$node" && "make_$kind" "$node" tls >"$work/$node/made.log" 2>&1 || { cat "$work/$node/made.log"; return 1; }
    set_config "$node" Routing.Type "\"$4\"" || return 1
    # in one namespace Linux gives a connection the address it leads to, and Kubo takes eight from one address
    [ "$kind" = adit ] || set_config "$node" Swarm.ResourceMgr.Enabled false || return 1
    if [ -n "${hub:-}" ]; then set_config "$node" Bootstrap "[\"$hub\"]" || return 1; fi
    : >"$work/$node/daemon.log"
    at_back "$node" "$work/$node/daemon.log" daemon
    echo $! >"$work/$node/pid"
    nodes+=("$node=$work/$node=/ip4/$host/")
}
offers() { at "$1" p2p listen "/x/$1" "/ip4/127.0.0.1/tcp/$echo" 2>/dev/null; }
knows_others() { [ "$(at "$1" swarm peers | wc -l)" -ge 3 ]; }

nodes=()
must "a service starts" service echo echo
echo=$port
must "the hub starts" join hub kubo 1 dhtserver
must "the hub is ready" wait_for 30 ready hub
host=50.1.0.1
hub=$(address hub)
kubos=(k2 k3 k4 k5 k6 k7 k8 k9 k10)
for ((i = 0; i < 9; i++)); do must "${kubos[i]} starts" join "${kubos[i]}" kubo $((i + 2)) dhtserver; done
must "an adit starts that serves" join server adit 20 dhtserver
must "an adit starts that only asks" join client adit 21 autoclient
must "an adit starts as it is by default" join plain adit 22 auto
for node in "${kubos[@]}" server client plain; do must "$node is ready" wait_for 60 ready "$node"; done
for node in hub "${kubos[@]}" server client plain; do
    must "$node has a listener" offers "$node"
    must "$node has met the network" wait_for 60 knows_others "$node"
done

k10=$(peer_id k10)
check "all of ${#nodes[@]} nodes find each other by id alone and carry a tunnel, in all four seatings" \
    timeout 400 python3 "$here/network.py" pairs "${nodes[@]}"
tail -n 1 "$work/check.log" | sed 's/^/    /'

# ---- strangers are asked

sees_itself() { at "$1" why --enc=json | python3 -c 'import json, sys
seen = json.load(sys.stdin)["Seen"][0]
print(seen)
sys.exit(not (seen["Found"] and seen["Network"] == "public" and seen["Telling"] >= 1 and any(sys.argv[1] in address for address in seen["Addresses"])))' "/50.$2.0.1/"; }
check "an adit that serves sees that strangers find it" wait_for 20 sees_itself server 20
check "an adit that only asks sees that strangers find it" wait_for 20 sees_itself client 21
check "and shows it from then on" eval 'at client status | grep -E "^found       in the public network: yes, [0-9]+ of the [0-9]+ nearest peers"'
check "what decides about a Kubo is told" eval 'at plain why "$(peer_id k2)" >"$work/why" && grep -E "^routing     [0-9]+ of [0-9]+ peers asked have answered, [1-9]" "$work/why" \
    && grep "^connection  direct /ip4/50.2.0.1/" "$work/why" && grep "^tunnels     it does not tell which it offers" "$work/why"'

# ---- a peer that is known to others and does not answer

kill_node k10
gone() { at plain why "$k10" >"$work/gone"; grep "^connection  none: others know it, but it answers at none of its addresses" "$work/gone" && grep "connection refused" "$work/gone"; }
check "who was seen but does not answer is told from who was never seen" gone

# ---- peers move

waits() { # FORWARDER PEER: a forwarder to nothing but an id; its port is then in $port
    at "$1" p2p forward "/x/$2" /ip4/127.0.0.1/tcp/0 "/p2p/$(peer_id "$2")" 2>/dev/null &&
        port=$(at "$1" p2p ls | awk -v p="/x/$2" '$1 == p && $3 ~ /^\/p2p\// {split($2, part, "/"); print part[5]}') && client echoed "$port" 1000
}
moves() { # NODE ADDRESS KIND: to another address, the old one is gone
    kill_node "$1"
    ip addr add "$2/32" dev lo
    set_config "$1" Addresses.Swarm "[\"/ip4/$2/tcp/0\"]"
    start_node "$1" "$3" && offers "$1"
}
# whom the id leads to now, for a node that has not to do with it
is_announced() { timeout 30 env ADIT_PATH="$work/$1" IPFS_PATH="$work/$1" "$(cat "$work/$1/program")" routing findpeer "$(peer_id "$2")" | grep -F "/$3/"; }
within() { # SECONDS COMMAND...: an attempt succeeds, and has ended in that time
    local start=$EPOCHREALTIME taken
    wait_for "$@" || return 1
    taken=$(((${EPOCHREALTIME/.} - ${start/.}) / 1000))
    echo "after $taken ms"
    [ $taken -le $(($1 * 1000)) ]
}
moved() { # FORWARDER PEER KIND ADDRESS
    must "$1 has a forwarder to $2" waits "$1" "$2"
    must "$2 moves" moves "$2" "$4" "$3"
    must "$2 is announced again" wait_for 60 is_announced k9 "$2" "$4"
    check "$2 [$3] has moved while a forwarder of $1 waited: the next connection works within 10 s" within 10 client echoed "$port" 1000
    grep -h after "$work/check.log" | sed 's/^/    /'
}
moved plain server adit 50.40.0.1
moved plain k5 kubo 50.41.0.1
moved client k6 kubo 50.42.0.1

# ---- no bootstrap node is left

stop_node plain
kill_node hub
host=50.2.0.1
hub=$(address k2)
must "a Kubo comes that plain has never met" join late kubo 50 dhtserver
must "and is ready" wait_for 60 ready late
must "it has met the network" wait_for 60 knows_others late
must "it listens" offers late
must "an adit comes that plain has never met" join later adit 51 auto
must "it is ready" wait_for 60 ready later
must "it has met the network, too" wait_for 60 knows_others later
must "it listens, too" offers later
must "plain starts, and its only bootstrap node is dead" start_node plain adit
check "peers that it never met are found: Kubo" within 30 waits plain late
check "and adit" within 30 waits plain later
exit $failures
