#!/usr/bin/env bash
# js-libp2p and adit behind NATs, each in either seat: they meet over a relay, and the DCUtR of both makes a direct connection of that. js-libp2p does
# not dial from the port that it listens on, so a NAT that wants the very port of a peer cannot be punched with it.
[ "${1-}" = in-the-lab ] || "$(dirname "$(readlink -f "$0")")/../install-js" >/dev/null 2>&1 # the lab has no way out
# shellcheck source=test-net/nat/lab.sh
. "$(dirname "$(readlink -f "$0")")/../nat/lab.sh"
. "$here/nat/nodes.sh"
js=$cache/js
need "js-libp2p" "$js/node" --version

# js SITE LOG SEAT SECURITY [PEER]: in the background
js() {
    local seen=${inner[$1]}
    [[ $seen != 192.168.* ]] || seen=${public[$1]}
    rm -f "$2"
    ip netns exec "$1" timeout 100 "$js/node" "$js/punch.mjs" "$3" "$4" "$(address_at relay)" "/ip4/$seen/tcp/4001" ${5-} >"$2" 2>&1 &
    peer=$!
}

# start_adit SITE KIND
start_adit() {
    remove_node "$1"
    make_site_node "$1" "$2" adit && start_site_nodes "$1" && wait_for 30 settled "$1" "$2"
}
is_direct() { path b a | grep -qx 'direct\|punched'; }
echoed() { within b client echoed "$port" 1000000; }

# js_listens KIND KIND SECURITY: js at a behind the first kind of NAT, adit at b behind the other one
js_listens() {
    must "js behind $1, adit behind $2: the sites" new_sites "$1" "$2"
    js a "$work/listen" listen "$3"
    must "the relay has a place for js" wait_for 30 grep -q '^12D3\|^Qm' "$work/listen"
    ids[a]=$(grep -m 1 '^12D3\|^Qm' "$work/listen")
    must "adit starts" start_adit b "$2"
    must "both are connected" at b swarm connect "$(address_at relay)/p2p-circuit/p2p/${ids[a]}"
    check "js behind $1 listens, adit behind $2 forwards, $3: directly" wait_for 15 is_direct
    forward b echo "/p2p/${ids[a]}"
    check "and a tunnel carries" echoed
    kill $peer
}

# js_dials KIND KIND SECURITY: adit at a behind the first, js at b behind the other one
js_dials() {
    must "adit behind $1, js behind $2: the sites" new_sites "$1" "$2"
    must "adit starts" start_adit a "$1"
    within a offer a echo echo
    service=$!
    js b "$work/dial" dial "$3" "${ids[a]}"
    check "adit behind $1 listens, js behind $2 dials, $3: over a direct connection" wait_for 40 grep -q '^direct' "$work/dial"
    kill $service $peer 2>/dev/null
    remove_node a
}

must "the lab opens" open_lab
must "the daemons of the public hosts start" open_network kubo
js_listens cone none tls
js_listens cone restricted noise
js_dials cone none noise
js_dials restricted cone tls
exit $failures
