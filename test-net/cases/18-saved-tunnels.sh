#!/usr/bin/env bash
# Tunnels in the config: they outlive the daemon, wait for a port that is taken, and change while others carry streams.
#
#   client ── forwarder [b], saved ═══ TCP, TLS 1.3, yamux ═══ [a] listener, saved ── service
. "$(dirname "$0")/../lib.sh"
must "the daemons start" start_node a adit
must "the daemons start" start_node b adit
set_addresses a "[\"$(address a | sed 's,/p2p/.*,,')\"]"
service digest digest && digest=$port
service lines lines && lines=$port
forwarded=$(free_port)
at a listen --save /x/digest "/ip4/127.0.0.1/tcp/$digest" 2>/dev/null
at b forward --save /x/digest "/ip4/127.0.0.1/tcp/$forwarded" "$(address a)"
check "a saved tunnel works" client digest "$forwarded" 100000

kill_node a && kill_node b
start_node a adit && start_node b adit
check "after a crash of both it is there again, with the peer's address" client digest "$forwarded" 100000
stop_node a
check "a daemon starts while its tunnel's peer is away" eval 'stop_node b && start_node b adit && listed b /x/digest'
check "a client is told so" outcome_is "^(reset|closed)" "$forwarded"
start_node a adit
digested() { client digest "$forwarded" 1000; }
check "and served once the peer is back" wait_for 60 digested

stop_node b
PORT=$forwarded service squatter echo
squatter=$!
check "a daemon starts while its forwarder's port is taken" start_node b adit
check "ls shows it and why" eval 'at b ls | grep -F "(not open: listen tcp4 127.0.0.1:$forwarded: bind: address already in use)"'
kill $squatter
check "it takes the port as soon as it is free" wait_for 60 digested

# a stream that lives through everything that follows
at a listen --save /x/lines "/ip4/127.0.0.1/tcp/$lines" 2>/dev/null
forward b lines "$(address a)"
exec 7<>"/dev/tcp/127.0.0.1/$port"
answers() { echo "$1" >&7 && read -r -t 30 -u 7 answer && same "got $1" "$answer"; }
check "a stream is open" answers one
at a export >"$work/tunnels.json"
check "nothing is to be done for what was exported" same "nothing to change: 2 tunnels are as wanted" "$(at a plan "$work/tunnels.json")"
sed 's,/x/digest,/x/sum,' "$work/tunnels.json" >"$work/renamed.json"
check "a plan is told in words" same 3 "$(at a plan "$work/renamed.json" | grep -c -e '^close listener /x/digest' -e '^open listener /x/sum' -e '^1 tunnel is left alone')"
check "and does nothing" listed a /x/digest
check "apply does it" eval 'at a apply - <"$work/renamed.json" && listed a /x/sum && not_listed a /x/digest'
check "the stream of the tunnel that stays goes on" answers two
check "a file that is wrong is refused" eval '! echo "{\"Tunnels\": 3}" | at a apply -'
cp "$work/a/config.json" "$work/config.json"
sed 's,/x/sum,/x/digest,' "$work/config.json" >"$work/a/config.json"
kill -HUP "$(pid_of a)"
check "SIGHUP makes the daemon read its config again" wait_for 30 listed a /x/digest
check "the tunnel works again" digested
echo '{"Tunnels": ' >"$work/a/config.json"
kill -HUP "$(pid_of a)"
check "a broken config is told" logs a "config not used, nothing is changed"
check "and changes nothing" digested
cp "$work/config.json" "$work/a/config.json"
check "config reload does the same as the signal" eval 'at a config reload && listed a /x/sum && not_listed a /x/digest'
check "the stream has lived through it all" answers three
check "close takes it out of the config" eval 'at a close -p /x/sum | grep "Removed from the config" && ! grep /x/sum "$work/a/config.json"'
exec 7>&-
exit $failures
