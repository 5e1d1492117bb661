#!/usr/bin/env bash
# Two adits: data both ways, many streams, the commands, over TLS and over Noise, IPv4 and IPv6.
#
#   client ── forwarder [b] ═══ TCP, TLS 1.3 | Noise, yamux ═══ [a] listener ── service
. "$(dirname "$0")/../lib.sh"

for security in tls noise; do
    a=a-$security b=b-$security
    must "$security: the daemons start" start_node $a adit
    must "$security: the daemons start" start_node $b adit $security
    there=$(address $a)
    offer $a digest digest && forward $b digest "$there" && digest=$port
    check "$security: 100 MB up, half-close, SHA-256 of them is the answer" client digest "$digest" 100000000
    check "$security: 200 streams at once, SHA-256" client many digest "$digest" 200 300000
    offer $a source source 100000000 && forward $b source "$there"
    check "$security: 100 MB down, SHA-256" client fetch "$port" 100000000
    offer $a echo echo && forward $b echo "$there"
    check "$security: 100 MB up and down at the same time, SHA-256" client echoed "$port" 100000000
    check "$security: no stream is left" wait_for 10 no_streams $a
    check "$security: on either side" wait_for 10 no_streams $b
done

offer $a greet greet && forward $b greet "$there"
check "a service that speaks first" same "220 welcome" "$(client dialogue "$port")"

service who firstline
at $a listen -r /x/who "/ip4/127.0.0.1/tcp/$port" 2>/dev/null && forward $b who "$there"
check "-r tells the service who calls" same "$(printf '%s\n5' "$(peer_id $b)")" "$(client ask "$port" hello)"

offer $a stuck stuck && forward $b stuck "$there"
python3 "$here/client.py" pushed "$port" >"$work/pushed" 2>&1 &
pushing=$!
wait_for 20 eval '[ -n "$(at $b stream ls | grep /x/stuck)" ]'
check "a service that does not read stops nobody else" client digest "$digest" 20000000
at $b stream close --all
check "stream close ends what is stuck" wait_for 10 is_gone $pushing
check "and its client sees a reset" same refused "$(cat "$work/pushed")"

at_back $a "$work/front.out" listen -f /x/front /ip4/127.0.0.1/tcp/9
front=$!
check "listen -f: the listener is there" wait_for 10 listed $a /x/front
kill $front
check "listen -f: and gone when the command is" wait_for 10 not_listed $a /x/front
at_back $b "$work/front.out" forward -f /x/front /ip4/127.0.0.1/tcp/0 "$there"
front=$!
check "forward -f: the forwarder is there" wait_for 10 listed $b /x/front
at $b close -p /x/front >/dev/null
check "forward -f: close ends the command" wait_for 10 is_gone $front
check "forward -f: which says so" says "removing forwarder" "$work/front.out"

must "IPv6: a daemon starts" start_node six adit
set_addresses six '["/ip6/::1/tcp/0"]' && stop_node six && start_node six adit
offer six lines lines
at $b forward /x/lines /ip6/::1/tcp/0 "$(at six id -f '<addrs>\n' | grep -m 1 /ip6/::1/)"
six=$(at $b ls | awk '$1 == "/x/lines" { split($2, part, "/"); print part[5] }')
check "IPv6: between the daemons and to the forwarder" same "got hi" "$(python3 - "$six" <<'EOF'
import socket, sys
with socket.create_connection(("::1", int(sys.argv[1])), timeout=20) as connection:
    connection.sendall(b"hi\n")
    print(connection.makefile().readline(), end="")
EOF
)"
exit $failures
