#!/usr/bin/env bash
# A day in an hour (with --long: 100 tunnels, 20 peers, 1000 attempts without a grant; else 100 seconds of a smaller one): peers come and go, grants end, the
# config is read again, under load. Nothing leaks, nothing that may is dropped, nobody who may not is let in.
#
#   soak.py ── [peers that stay, come and go, have passing grants or none] ═══ TCP, TLS 1.3, yamux ═══ [server] 100 listeners ── soak.py, which sees who comes
. "$(dirname "$0")/../lib.sh"
if [ -n "${LONG:-}" ]; then size="3600 100 20 1000"; else size="100 30 6 200"; fi
# shellcheck disable=SC2086 # numbers are words
timeout $((${size%% *} + 400)) python3 "$here/soak.py" "$work" $size "$adit" daemon >"$work/soak.log" 2>&1 &
wait $!
told() { ! grep -E "^($1)" "$work/soak.log"; }
check "it runs to its end" grep '^figures' "$work/soak.log"
check "no stream of a peer with a grant is dropped" told dropped
check "no byte of a peer without a grant comes to the service" told admitted
check "no byte comes back to it" told served
check "threads, descriptors and memory are flat, no stream is left" told leaked
check "nothing else is amiss" told "failed|Traceback"
check "$(sed -n 's/^figures //p' "$work/soak.log" | tr -d '{}"')" test -s "$work/soak.log"
[ $failures -eq 0 ] || sed 's/^/    /' "$work/soak.log" | tail -n 30
exit $failures
