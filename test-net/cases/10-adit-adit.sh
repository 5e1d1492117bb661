#!/usr/bin/env bash
# Two adits and everything a tunnel does between them.
#
#   client ── forwarder [b] ═══ TCP, TLS 1.3 or Noise, yamux ═══ [a] listener ── service
. "$(dirname "$0")/../lib.sh"
failures=0

need "two daemons start" start_adit a
need "two daemons start" start_adit b
a=$(address a "$adit")

tunnel() { # tunnel NAME MODE [ARGUMENT]: a service behind a and a forwarder at b; the forwarder's port is in $port
    service "$1" "${@:2}" && at a "$adit" listen "/x/$1" "/ip4/127.0.0.1/tcp/$port" && forward_port b "$adit" "/x/$1" "$a"
}

no_streams() { [ -z "$(at a "$adit" stream ls)$(at b "$adit" stream ls)" ]; }

tunnel digest digest && digest=$port
check "1 stream of 100 MB up, SHA-256 compared" timeout 120 python3 "$here/client.py" digest "$digest" 100000000
check "200 streams at once, SHA-256 compared" timeout 120 python3 "$here/client.py" many "$digest" 200 300000
tunnel source source 100000000
check "1 stream of 100 MB down, compared" timeout 120 python3 "$here/client.py" fetch "$port" 100000000
tunnel greet greet
check "a service that speaks first" same "220 welcome" "$(timeout 20 python3 "$here/client.py" dialogue "$port")"

tunnel count count && count=$port
half_closed() {
    local times=$1 good=0 answer
    for _ in $(seq "$times"); do
        answer=$(head -c 1000000 /dev/zero | timeout 20 nc -N 127.0.0.1 "$count") && [ "$answer" = 1000000 ] && good=$((good + 1))
    done
    same "$times" "$good"
}
if command -v nc >/dev/null; then
    check "head -c 1000000 | nc -N to a wc -c service answers 1000000, 200 times of 200" half_closed 200
else
    skip "nc is not installed"
fi

tunnel reset reset 100000
check "a service that resets gives the client a reset" outcome_is '^reset' "$port"
tunnel die die 30000000
check "a service that dies mid-transfer is no clean end" outcome_is '^reset|^end 30000000$' "$port"
tunnel aborted echo
check "a client that aborts" timeout 20 python3 "$here/client.py" abort "$port" 100000
check "leaves no stream behind" wait_for 10 no_streams

service who firstline
at a "$adit" listen -r /x/who "/ip4/127.0.0.1/tcp/$port" && forward_port b "$adit" /x/who "$a"
check "-r tells the service who calls" same "$(printf '%s\n5' "$(peer_id b "$adit")")" "$(timeout 20 python3 "$here/client.py" ask "$port" hello)"

dead=$(free_port)
at a "$adit" listen /x/dead "/ip4/127.0.0.1/tcp/$dead" && forward_port b "$adit" /x/dead "$a"
check "a dead target resets the client" outcome_is '^reset 0$' "$port"
check "and the service's side says why" grep -qi "refused" "$work/a/daemon.log"
PORT=$dead service late digest
forwarded=$(at b "$adit" ls | awk '$1 == "/x/dead" {split($2, part, "/"); print part[5]}')
check "the same forwarder works once the service is there" timeout 20 python3 "$here/client.py" digest "$forwarded" 1000

old=$digest
kill_node a
check "a killed peer resets its clients" outcome_is '^reset 0$' "$old"
exit $failures
