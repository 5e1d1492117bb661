#!/usr/bin/env bash
# Pairing by a one-time code: as text, as a QR code that a reader reads, once only, and worthless after a wrong guess.
#
#   client ── forwarder [b], accepts ═══ TCP, TLS 1.3, yamux ═══ [a] listener, invites ── service
#                       [c], guesses ═══╝
. "$(dirname "$0")/../lib.sh"
need "script" has script bsdutils
for node in a b c; do must "the daemons start" start_node $node adit; done
set_addresses a "[\"$(address a | sed 's,/p2p/.*,,')\"]"
id_b=$(peer_id b)
service digest digest && service_port=$port

# invited LOG WORDS...: an invitation of a's that goes on, on a terminal; its code is then in $code
invited() {
    local log=$1
    shift
    TERM=xterm LANG=C.UTF-8 LC_ALL=C.UTF-8 ADIT_PATH=$work/a script -qfec "$adit invite $*" "$log" </dev/null >"$log.out" 2>&1 &
    inviting=$!
    wait_for 30 grep -q '^adit-' "$log" || { cat "$log"; return 1; }
    code=$(grep -m 1 -o 'adit-[a-z2-7]*' "$log")
}
drawn() { [ "$(grep -c '[▀▄█]' "$1")" -gt 15 ]; }
# reads LOG: what a QR code reader sees there
reads() { python3 "$here/qr.py" picture "$1" >"$work/qr.pbm" && zbarimg -q --raw "$work/qr.pbm"; }

must "a listener is made and an invitation to it" invited "$work/one" /x/digest "/ip4/127.0.0.1/tcp/$service_port"
if has zbarimg zbar-tools; then
    check "the terminal shows it as a QR code" wait_for 10 drawn "$work/one"
    check "which a reader reads" same "${code^^}" "$(reads "$work/one")"
else
    lack "a QR code reader is not there"
fi
check "nobody may use the listener yet" same "" "$(at a grants)"
check "the code is accepted" at b accept "$code" /ip4/127.0.0.1/tcp/0
check "the invitation ends with who it was" eval 'wait_for 10 is_gone $inviting && says "$id_b may use /x/digest" "$work/one"'
port=$(at b p2p ls | awk '$1 == "/x/digest" {split($2, part, "/"); print part[5]}')
check "the tunnel carries" client digest "$port" 100000
check "no log has the code" eval '! grep -e "$code" "$work"/*/daemon.log'
check "the code works once" eval '! at c accept "$code" /ip4/127.0.0.1/tcp/0 2>"$work/again" && says "has been used" "$work/again"'
kill_node a && kill_node b && start_node a adit && start_node b adit
port=$(at b p2p ls | awk '$1 == "/x/digest" {split($2, part, "/"); print part[5]}')
digested() { client digest "$port" 1000; }
check "grant and forwarder outlive a crash of both" wait_for 60 digested

export NO_COLOR=1
must "another invitation" invited "$work/two" /x/digest
unset NO_COLOR
if command -v zbarimg >/dev/null; then
    check "without colours a reader reads it, too" eval 'wait_for 10 drawn "$work/two" && same "${code^^}" "$(reads "$work/two")" && ! grep -F "[0m" "$work/two"'
fi
guess=$(python3 "$here/qr.py" guess <<<"$code")
check "a wrong guess is refused" eval '! at c accept "$guess" /ip4/127.0.0.1/tcp/0 2>"$work/guess" && says "not the one that was shown" "$work/guess"'
check "the invitation ends with who guessed" eval 'wait_for 10 is_gone $inviting && says "peer $(peer_id c) tried it with a wrong code" "$work/two"'
check "and the right code is worthless, too" eval '! at c accept "$code" /ip4/127.0.0.1/tcp/0'
check "the log says so" logs a "is burned"
check "nobody else was let in" same "/x/digest $id_b for ever" "$(at a grants | grep -v refused)"

must "the target may be told again" invited "$work/same" /x/digest "/ip4/127.0.0.1/tcp/$service_port"
kill $inviting
check "another one may not" eval '! at a invite /x/digest /ip4/127.0.0.1/tcp/9 2>"$work/other" && says "leads to /ip4/127.0.0.1/tcp/$service_port already" "$work/other"'

ADIT_PATH=$work/a "$adit" invite /x/digest >"$work/three" 2>"$work/three.err" &
inviting=$!
wait_for 30 test -s "$work/three"
check "into a pipe goes the code alone" same 1 "$(wc -l <"$work/three")"
kill $inviting && wait $inviting 2>/dev/null
used() { at c accept "$(cat "$work/three")" /ip4/127.0.0.1/tcp/0; }
check "an invitation that is interrupted is withdrawn" eval '! used'
exit $failures
