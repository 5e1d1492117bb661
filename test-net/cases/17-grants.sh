#!/usr/bin/env bash
# Who may use a listener: attempts without a grant, by adit and by Kubo; grants that come, end and are taken away while streams are live.
#
#   client ── forwarder [b], granted ════════════╗
#   client ── forwarder [c], not granted ═══ TCP, TLS 1.3, yamux ═══ [a] listener --allow b ── service
#   client ── forwarder [Kubo], granted later ═══╝
. "$(dirname "$0")/../lib.sh"
attempts=$([ -n "${LONG:-}" ] && echo 1000 || echo 100)
for node in a b c; do must "the daemons start" start_node $node adit; done
set_addresses a "[\"$(address a | sed 's,/p2p/.*,,')\"]"
there=$(address a)
id_b=$(peer_id b) id_c=$(peer_id c)
service counted run "echo came >>$work/came; exec cat" && counted=$port
must "the listener is there" at a listen --save --allow "$id_b" /x/counted "/ip4/127.0.0.1/tcp/$counted"
came() { [ -f "$work/came" ] && wc -l <"$work/came" || echo 0; }
asked() { at a grants --enc=json | python3 -c 'import json, sys; print(sum(r["Attempts"] for r in json.load(sys.stdin)["Listeners"][0]["Refused"] if r["Peer"] == sys.argv[1]))' "$1"; }

forward b counted "$there" && by_b=$port
forward c counted "$there" && by_c=$port
forward c nothing "$there" && nothing=$port
check "$attempts attempts of an adit without a grant: no byte comes back" client invain "$by_c" "$attempts"
check "the service has seen none of them" same 0 "$(came)"
check "each of them is counted" same "$attempts" "$(asked "$id_c")"
check "the peer is named in the log" logs a "peer $id_c: not one of the peers allowed to use it; to let it in: adit grant /x/counted $id_c"
check "in status" eval 'at a status | grep -F "peer $id_c wants to use /x/counted: refused $attempts times"'
check "identify does not tell it the name" eval '! at c id "$there" --enc=json | grep -F /x/counted && at b id "$(peer_id a)" --enc=json | grep -F /x/counted'
said() { grep -F "$1" "$work/c/daemon.log" | tail -n 1 | sed 's/.*peer/peer/' | sed "s,$1,NAME,g; s/ (.*//"; }
outcome_is . "$nothing" >/dev/null
check "to the peer it is a protocol that does not exist" eval '[ -n "$(said /x/nothing)" ] && same "$(said /x/nothing)" "$(said /x/counted)"'
check "the peer with a grant is served" same hello "$(client ask "$by_b" hello)"
check "once" same 1 "$(came)"

# a stream that lives, of b and of c
talk() { exec 7<>"/dev/tcp/127.0.0.1/$1"; }
answers() { echo "$1" >&7 && read -r -t 30 -u 7 answer && same "$1" "$answer"; }
ended() { ! read -r -t 30 -u 7 answer; }
check "a grant works at once" eval 'at a grant --for 8h /x/counted "$id_c" && talk "$by_c" && answers one'
check "revoke tells of the stream that it cuts" same "$id_c may not use /x/counted any more, 1 live stream(s) cut" "$(at a revoke /x/counted "$id_c")"
check "it is cut" ended
exec 7>&-
check "and no other is let in" eval 'before=$(came); client invain "$by_c" 10 && same "$before" "$(came)"'
at a grant --for 8s /x/counted "$id_c" >/dev/null
talk "$by_c"
check "a grant for eight seconds serves" answers two
check "and then cuts" ended
exec 7>&-
check "after which nobody is served" client invain "$by_c" 3

at a grant --for 8h /x/counted "$id_c" >/dev/null
before=$(at a grants)
kill_node a && start_node a adit
check "the grants of a saved listener outlive a crash" same "$(grep -v refused <<<"$before")" "$(at a grants | grep -v refused)"
served() { same again "$(client ask "$by_c" again)"; }
check "and hold" wait_for 60 served

need "Kubo" "$here/install-kubo"
must "Kubo starts" start_node k kubo tls
id_k=$(peer_id k)
forward k counted "$there"
before=$(came)
check "$attempts attempts of a Kubo without a grant: no byte comes back" client invain "$port" "$attempts"
check "the service has seen none of them" same "$before" "$(came)"
check "each of them is counted" same "$attempts" "$(asked "$id_k")"
at a grant /x/counted "$id_k" >/dev/null
check "with a grant Kubo is served" same kubo "$(client line "$port" $'kubo\n')"
talk "$port"
check "a stream of Kubo lives" answers three
at a revoke /x/counted "$id_k" >/dev/null
check "until it is revoked" ended
exit $failures
