#!/usr/bin/env bash
# A real Kubo in either seat, over TLS and over Noise.
#
#   client ── forwarder [adit] ═══ TCP, TLS | Noise, yamux ═══ [Kubo] listener ── service      and the other way round
. "$(dirname "$0")/../lib.sh"
failures=0
need "Kubo can be installed" "$here/install-kubo"

# seats SECURITY LISTENER-PROGRAM FORWARDER-PROGRAM TEXT
seats() {
    local security=$1 listener=$2 forwarder=$3 text="$4, $1" l=l-$1-$RANDOM f=f-$1-$RANDOM target a
    start_node "$l" "$listener" "$security" || { fail "$text: the listener starts"; return; }
    start_node "$f" "$forwarder" "$security" || { fail "$text: the forwarder starts"; return; }
    a=$(address "$l" "$listener")

    offer "$l" "$listener" source source 100000000
    forward_port "$f" "$forwarder" /x/source "$a"
    check "$text: 100 MB down, SHA-256" timeout 120 python3 "$here/client.py" fetch "$port" 100000000
    offer "$l" "$listener" echo echo
    forward_port "$f" "$forwarder" /x/echo "$a"
    local echo=$port
    check "$text: 100 MB up and back, SHA-256" timeout 120 python3 "$here/client.py" echoed "$echo" 100000000
    check "$text: 200 streams at once, SHA-256" timeout 120 python3 "$here/client.py" manyechoed "$echo" 200 100000
    service who firstline
    at "$l" "$listener" p2p listen -r /x/who "/ip4/127.0.0.1/tcp/$port"
    forward_port "$f" "$forwarder" /x/who "$a"
    check "$text: -r" same "$(peer_id "$f" "$forwarder")" "$(timeout 20 python3 "$here/client.py" line "$port" hello)"
    at "$l" "$listener" p2p listen /x/dead "/ip4/127.0.0.1/tcp/$(free_port)"
    forward_port "$f" "$forwarder" /x/dead "$a"
    check "$text: a dead target ends the client at once" outcome_is '^(end|reset) 0$' "$port"
    foreground "$text" "$l" "$listener"
    if [ "$forwarder" = "$adit" ]; then
        # Kubo takes a FIN for a full close. The answer gets through because adit holds its FIN back; a service that
        # waits for the FIN is beyond help, so this one answers each line
        offer "$l" "$listener" half lines
        forward_port "$f" "$forwarder" /x/half "$a"
        check "$text: a client that half-closes still gets its answer" same "got hello" "$(timeout 30 python3 "$here/client.py" linehalf "$port" $'hello\n')"
    fi
    kill_node "$l"
    check "$text: a killed peer ends the client" outcome_is '^(end|reset) 0$' "$echo"
    stop_node "$f"
}

start_node() {
    if [ "$2" = "$adit" ]; then start_adit "$1"; else start_kubo "$1" "$3"; fi
}

# offer NODE PROGRAM NAME MODE [ARGUMENT]: a service and a listener for it, /x/NAME
offer() {
    service "$3" "${@:4}" && at "$1" "$2" p2p listen "/x/$3" "/ip4/127.0.0.1/tcp/$port"
}

listed() { at "$1" "$2" p2p ls | grep -q "$3"; }
not_listed() { ! listed "$@"; }

# foreground TEXT NODE PROGRAM: a foreground listener is gone when its command is
foreground() {
    local pid
    ADIT_PATH=$work/$2 IPFS_PATH=$work/$2 "$3" p2p listen -f /x/foreground "/ip4/127.0.0.1/tcp/9" >"$work/foreground.out" 2>&1 &
    pid=$!
    processes+=("$pid")
    check "$1: listen -f is there" wait_for 10 listed "$2" "$3" /x/foreground
    kill "$pid"
    check "$1: and gone when the command is" wait_for 10 not_listed "$2" "$3" /x/foreground
}

for security in tls noise; do
    seats $security "$ipfs" "$adit" "Kubo listens, adit forwards"
    seats $security "$adit" "$ipfs" "adit listens, Kubo forwards"
done
exit $failures
