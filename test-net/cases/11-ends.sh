#!/usr/bin/env bash
# How connections end between two adits: half-close is half-close, an abort is an abort, from either side.
#
#   client ── forwarder [b] ═══ TCP, TLS 1.3, yamux ═══ [a] listener ── service
. "$(dirname "$0")/../lib.sh"
must "the daemons start" start_node a adit
must "the daemons start" start_node b adit
there=$(address a)
tunnel() { offer a "$@" && forward b "$1" "$there"; } # tunnel NAME MODE [ARGUMENT]: the forwarder's port is in $port

tunnel count run 'wc -c' && count=$port
half_closed() {
    local times=$1 good=0 answer
    for _ in $(seq "$times"); do
        answer=$(head -c 1000000 /dev/zero | timeout 20 nc -N 127.0.0.1 "$count")
        [ "$answer" = 1000000 ] && good=$((good + 1))
    done
    same "$times" "$good"
}
half_closing_nc() { has nc netcat-openbsd && nc -h 2>&1 | grep -q -- '-N'; }
if half_closing_nc; then
    check "head -c 1000000 /dev/zero | nc -N to wc -c prints 1000000, 200 times of 200" half_closed 200
else
    lack "nc -N (netcat-openbsd) is not there"
fi
tunnel goodbye goodbye 1000000
check "a service that half-closes: the client sees all, then the end" same 1000000 "$(client late "$port" 2000000)"
check "and may go on sending: the service receives all" wait_for 10 says "received 2000000" "$work/goodbye.log"

# aborts by the service's side
tunnel reset reset 100000
check "a service that resets gives the client a reset" outcome_is '^reset ' "$port"
tunnel swallow swallow 3000000
check "a service killed while it receives refuses the client's data" same refused "$(client pushed "$port")"

# aborts by the client's side
tunnel echo echo
client abort "$port" 100000
check "a client that resets gives the service a reset" wait_for 20 grep -qiE "reset by peer|broken pipe" "$work/echo.log"
tunnel endless source 1000000000000 && endless=$port
client killed "$endless" 3000000 >/dev/null 2>&1
check "a client killed while it receives refuses the service's data" wait_for 20 grep -qiE "reset by peer|broken pipe" "$work/endless.log"
check "no stream is left" wait_for 10 no_streams a
check "on either side" wait_for 10 no_streams b

# targets that cannot be had
dead=$(free_port)
at a listen /x/late "/ip4/127.0.0.1/tcp/$dead" 2>/dev/null && forward b late "$there" && late=$port
check "a dead target resets the client" outcome_is '^reset 0$' "$late"
check "the service's side says why" logs a "refused"
PORT=$dead service late digest
check "the same forwarder works once the service is there" client digest "$late" 1000
forward b nothing "$there"
check "a protocol nobody listens for resets the client" outcome_is '^reset 0$' "$port"
check "the client's side says why" logs b "/x/nothing"

# daemons that crash in the middle of a transfer
python3 "$here/client.py" outcome "$endless" 1000000 >"$work/outcome" 2>&1 &
fetching=$!
must "a transfer runs" wait_for 20 says there "$work/outcome"
kill_node a
check "the listener's daemon killed: the client sees it end" wait_for 20 is_gone $fetching
check "the listener's daemon killed: with a reset, not a clean end" says reset "$work/outcome"
check "a peer that is gone resets new clients" outcome_is '^reset 0$' "$endless"

must "the listener's daemon starts again" start_node a adit
at a listen /x/again "/ip4/127.0.0.1/tcp/$(cat "$work/endless.port")" 2>/dev/null && forward b again "$(address a)"
: >"$work/endless.log"
python3 "$here/client.py" outcome "$port" 1000000 >"$work/outcome" 2>&1 &
must "a transfer runs" wait_for 20 says there "$work/outcome"
kill_node b
check "the forwarder's daemon killed: the service's data is refused" wait_for 20 grep -qiE "reset by peer|broken pipe" "$work/endless.log"
check "no stream is left at the listener" wait_for 20 no_streams a
exit $failures
