#!/usr/bin/env bash
# A real Kubo in either seat, over TLS and over Noise.
#
#   client ── forwarder [adit] ═══ TCP, TLS 1.3 | Noise, yamux ═══ [Kubo] listener ── service
#   client ── forwarder [Kubo] ═══ TCP, TLS 1.3 | Noise, yamux ═══ [adit] listener ── service
. "$(dirname "$0")/../lib.sh"
need "Kubo" "$here/install-kubo"

# seats LISTENER FORWARDER SECURITY
seats() {
    local l=$1-l-$3 f=$2-f-$3 text="$1 listens, $2 forwards, $3" there echo
    must "$text: the listener starts" start_node "$l" "$1" "$3"
    must "$text: the forwarder starts" start_node "$f" "$2" "$3"
    there=$(address "$l")

    offer "$l" source source 100000000 && forward "$f" source "$there"
    check "$text: 100 MB down, SHA-256" client fetch "$port" 100000000 $([ "$1" = kubo ] && echo reset)
    offer "$l" echo echo && forward "$f" echo "$there" && echo=$port
    check "$text: 100 MB up and back, SHA-256" client echoed "$echo" 100000000
    check "$text: 200 streams at once, SHA-256" client many echoed "$echo" 200 300000
    offer "$l" greet greet && forward "$f" greet "$there"
    check "$text: a service that speaks first" same "220 welcome" "$(client dialogue "$port")"
    service who firstline
    at "$l" p2p listen -r /x/who "/ip4/127.0.0.1/tcp/$port" 2>/dev/null && forward "$f" who "$there"
    check "$text: -r tells the service who calls" same "$(peer_id "$f")" "$(client line "$port" $'hello\n')"
    check "$text: no stream is left" wait_for 20 no_streams "$l"
    check "$text: on either side" wait_for 20 no_streams "$f"

    dead_target "$text" "$l" "$f" "$there"
    foreground "$text" "$l" listen /ip4/127.0.0.1/tcp/9
    foreground "$text" "$f" forward /ip4/127.0.0.1/tcp/0 "$there"
    "aborts_$2" "$text" "$l" "$f" "$there" "$echo"

    python3 "$here/client.py" outcome "$echo" >"$work/outcome" 2>&1 &
    must "$text: a stream is open" wait_for 20 eval '[ -n "$(at "$f" p2p stream ls | grep /x/echo)" ]'
    kill_node "$l"
    check "$text: a killed peer ends its clients" wait_for 20 is_gone $!
    check "$text: and new clients are told at once" outcome_is "$(ending "$2") 0\$" "$echo"
    if [ "$2" = adit ]; then check "$text: adit ends when asked" stop_node "$f"; else kill_node "$f"; fi
}

# Kubo turns a reset into a clean end; adit does not.
ending() { [ "$1" = kubo ] && echo '^end' || echo '^reset'; }

dead_target() { # TEXT LISTENER FORWARDER ADDRESS
    local kind=adit
    at "$2" p2p listen /x/dead "/ip4/127.0.0.1/tcp/$(free_port)" 2>/dev/null && forward "$3" dead "$4"
    [[ $3 == kubo-* ]] && kind=kubo
    check "$1: a dead target ends the client at once" outcome_is "$(ending $kind) 0\$" "$port"
    if [[ $2 == adit-* ]]; then check "$1: and the log says why" logs $2 refused; fi
}

foreground() { # TEXT NODE COMMAND ARGUMENT...
    local pid
    at_back "$2" "$work/front.out" p2p "$3" -f /x/front "${@:4}"
    pid=$!
    check "$1: $3 -f is there" wait_for 10 listed "$2" /x/front
    kill $pid
    check "$1: $3 -f is gone when the command is" wait_for 10 not_listed "$2" /x/front
}

# What adit in the forwarder's seat makes of a Kubo on the other side.
aborts_adit() { # TEXT LISTENER FORWARDER ADDRESS ECHO-PORT
    # Kubo takes a FIN for a full close. The answer gets through because adit holds its client's FIN back
    offer "$2" lines lines && forward "$3" lines "$4"
    check "$1: a client that half-closes gets its answer" same "got hello" "$(client linehalf "$port" $'hello\n')"
    offer "$2" reset reset 100000 && forward "$3" reset "$4"
    check "$1: a service that resets gives the client a reset" outcome_is '^reset ' "$port"
    client abort "$5" 100000
    check "$1: a client that resets leaves no stream" wait_for 20 no_streams "$2"
}

# What adit in the listener's seat makes of a Kubo on the other side.
aborts_kubo() { # TEXT LISTENER FORWARDER ADDRESS ECHO-PORT
    client abort "$5" 100000
    check "$1: a client that resets gives the service a reset" wait_for 20 grep -qiE "reset by peer|broken pipe" "$work/echo.log"
    offer "$2" many source 1000000000000 && forward "$3" many "$4"
    client killed "$port" 3000000 >/dev/null 2>&1
    check "$1: a client killed while it receives refuses the service's data" wait_for 20 grep -qiE "reset by peer|broken pipe" "$work/many.log"
    check "$1: and leaves no stream" wait_for 20 no_streams "$2"
}

if [ -n "${SEATS:-}" ]; then seats $SEATS; exit $failures; fi # one pairing alone: SEATS="kubo kubo tls"
for security in tls noise; do
    seats kubo adit $security
    seats adit kubo $security
done
exit $failures
