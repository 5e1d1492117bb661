#!/usr/bin/env bash
# Daemons that are started twice, killed, and started again.
#
#   client ── forwarder [b] ═══ TCP, TLS 1.3, yamux ═══ [a] listener ── service
. "$(dirname "$0")/../lib.sh"
must "the daemons start" start_node a adit
must "the daemons start" start_node b adit
offer a digest digest && forward b digest "$(address a)" && forwarded=$port
check "the tunnel works" client digest "$forwarded" 100000

second() { at a daemon >"$work/second.out" 2>&1; }
check "a second daemon on the directory fails" eval '! second'
check "and names the first one's process" says "$(pid_of a)" "$work/second.out"
check "the first one is unharmed" client digest "$forwarded" 100000

# the address stays: a restart listens where it listened
set_addresses a "[\"$(address a | sed 's,/p2p/.*,,')\"]"
check "the listener's daemon ends when asked" stop_node a
check "and takes its api file along" test ! -e "$work/a/api"
check "a command without a daemon says so" eval '! at a ls 2>"$work/ls.err" && says daemon "$work/ls.err"'
must "the listener's daemon starts again" start_node a adit
at a listen /x/digest "/ip4/127.0.0.1/tcp/$(cat "$work/digest.port")" 2>/dev/null
check "the same forwarder works again" client digest "$forwarded" 100000

kill_node a
check "kill -9 leaves files behind" test -e "$work/a/api"
check "a command then says that no daemon runs" eval '! at a ls 2>"$work/ls.err" && says daemon "$work/ls.err"'
must "the daemon starts over them" start_node a adit
at a listen /x/digest "/ip4/127.0.0.1/tcp/$(cat "$work/digest.port")" 2>/dev/null
check "the same forwarder works after the crash" client digest "$forwarded" 100000

check "shutdown ends the daemon" at a shutdown
check "in time" wait_for 10 is_gone "$(pid_of a)"
exit $failures
