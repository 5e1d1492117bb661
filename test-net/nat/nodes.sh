# The daemons of the lab: public ones that the sites' nodes meet, and one for each site, made anew for every try. bash; source it after lab.sh.

export GOLOG_LOG_LEVEL=error,p2p-holepunch=debug # Kubo tells nowhere else what became of an attempt
declare -A implementations ids                   # of the sites' nodes
relays='[]' bootstrap='[]' # of the sites' nodes: arrays of full addresses, JSON

# open_network [RELAY]: daemons on the public hosts: Kubo's as servers of the DHT, which tell their peers what address they see; a relay, and a second
# one that nobody knows, both RELAY (kubo, adit)
open_network() {
    local name comma=
    for name in $servers; do
        start_public "$name" kubo Routing.Type '"dhtserver"' Bootstrap "$bootstrap" || return 1
        bootstrap=${bootstrap%]}$comma\"$(address_at "$name")\"]
        comma=', '
    done
    start_relay relay "${1:-kubo}" && relays="[\"$(address_at relay)\"]"
}


# address_at HOST: the full address of the public node of that name
address_at() { echo "/ip4/${public[$1]}/tcp/4001/p2p/$(peer_id "$1")"; }

start_public() { # HOST adit|kubo KEY JSON...
    within "$1" make_node "$1" "$2" && set_config "$1" Addresses.Swarm "[\"/ip4/${public[$1]}/tcp/4001\"]" \
        Internal.Libp2pForceReachability '"public"' "${@:3}" && within "$1" start_node "$1"
}

# start_relay HOST adit|kubo: its limits for a stream are those that Kubo has by default; there may be more reservations from one address, as
# every try has peers of its own
start_relay() {
    start_public "$1" "$2" Routing.Type '"dhtserver"' Bootstrap "$bootstrap" Swarm.RelayService.Enabled true \
        Swarm.RelayService.MaxReservations 10000 Swarm.RelayService.MaxReservationsPerIP 10000
}

# make_site_node SITE KIND adit|kubo|kubo-quic: a node called SITE behind a router of that kind, which knows the servers, the relay, and nobody else
make_site_node() {
    implementations[$1]=$3
    local reachability='"private"' listen='"/ip4/0.0.0.0/tcp/4001"'
    [ "$2" != none ] || reachability='"public"'
    within "$1" make_node "$1" "${3%-*}" || return 1
    [ "$3" != kubo-quic ] || listen+=', "/ip4/0.0.0.0/udp/4001/quic-v1"'
    set_config "$1" Addresses.Swarm "[$listen]" Bootstrap "$bootstrap" Routing.Type '"auto"' Swarm.RelayClient.Enabled true \
        Swarm.RelayClient.StaticRelays "$relays" Swarm.EnableHolePunching true || return 1
    case $3 in
        kubo*) set_config "$1" Routing.Type '"dht"' Routing.LoopbackAddressesOnLanDHT false Internal.Libp2pForceReachability "$reachability" ;;
    esac
    [ "$3" != kubo-quic ] || set_config "$1" Swarm.Transports.Network.QUIC true
}

# start_site_nodes [SITE...]: both, at the same time, or those
start_site_nodes() {
    local site
    [ $# -gt 0 ] || set -- a b
    for site; do
        : >"$work/$site/daemon.log"
        at_back "$site" "$work/$site/daemon.log" daemon
        echo $! >"$work/$site/pid"
    done
    for site; do wait_for 30 eval "is_gone $(pid_of "$site") || ready $site" && ready "$site" && ids[$site]=$(told "$site" id | sed 's/.*"ID": *"\([^"]*\)".*/\1/;q') || { tail -n 3 "$work/$site/daemon.log"; return 1; }; done
}

# settled SITE KIND: it has met the servers, and whoever cannot be reached directly has a reservation. A Kubo that whoever it has dialled can reach may
# take itself for public, and then has none.
settled() {
    local way=/p2p-circuit
    [[ ${implementations[$1]} = adit || $2 != full && $2 != restricted ]] || way="/p2p-circuit\|/ip4/${public[$1]}/"
    [ "$(told "$1" swarm/peers | grep -o '"Peer":' | wc -l)" -ge 4 ] && { [ "$2" = none ] || told "$1" id | grep -q "$way"; }
}

# told SITE COMMAND: what its node answers, JSON; an adit is asked without its command line, which would be a JVM each time
told() {
    case ${implementations[$1]} in
        adit) curl -sf --unix-socket "$work/$1/api.sock" -X POST "http://adit/api/v0/$2" ;;
        *) at "$1" --enc=json ${2//\// } ;;
    esac
}

# path SITE OTHER: how its node says it is connected with the other's: direct, punched, relayed, none. Kubo says of a connection only whether it is
# relayed; that it was punched is in its debug log.
path() {
    local peer=${ids[$2]}
    case ${implementations[$1]} in
        adit) told "$1" status | python3 -c 'import json, sys
for peer in json.load(sys.stdin)["Peers"] or []:
    if peer["ID"] == sys.argv[1] and peer["Path"] != "not connected":
        print(peer["Path"].split()[0])
        break
else:
    print("none")' "$peer" ;;
        *)
            at "$1" swarm peers >"$work/$1/peers" || return 1
            if ! grep -qF "$peer" "$work/$1/peers"; then
                echo none
            elif ! grep -F "$peer" "$work/$1/peers" | grep -qv /p2p-circuit; then
                echo relayed
            elif grep 'hole punch successful' "$work/$1/daemon.log" | grep -qF "$peer"; then
                echo punched
            else
                echo direct
            fi ;;
    esac
}

remove_node() {
    [ ! -e "$work/$1/pid" ] || is_gone "$(pid_of "$1")" || stop_node "$1" || kill_node "$1"
    rm -rf "${work:?}/$1"
}
