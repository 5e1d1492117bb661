#!/usr/bin/env bash
# The control socket under abuse: what it takes is bounded, the tunnel beside it goes on, and its owner is served again at once.
#
#   client ── forwarder [b] ═══ TCP, TLS 1.3, yamux ═══ [a] listener ── service
#                                                        └─ control socket ── 10 000 connections, slow clients, endless headers, no JSON
. "$(dirname "$0")/../lib.sh"
must "the daemons start" start_node a adit
must "the daemons start" start_node b adit
offer a echo echo && forward b echo "$(address a)" && by_b=$port
abuse() { timeout 120 python3 "$here/abuse.py" "$@"; }
socket=$work/a/api.sock
descriptors() { find "/proc/$(pid_of a)/fd" -mindepth 1 | wc -l; }
threads() { awk '/^Threads:/ {print $2}' "/proc/$(pid_of a)/status"; }
at_most() { [ "$2" -le "$1" ] || { echo "$2, more than $1"; return 1; }; }
at_most_now() { at_most "$1" "$(descriptors)"; }
served() { at a ls >/dev/null; }

abuse trips "$by_b" 3000 >/dev/null
fds=$(descriptors) tasks=$(threads)

timeout 120 python3 "$here/abuse.py" hold "$socket" 10000 >"$work/hold" 2>&1 &
holder=$!
check "10 000 connections are taken or turned away" wait_for 60 says held "$work/hold"
check "no more are kept than may be served, refused and waiting in the kernel's queue" at_most $((128 + 128 + 1024)) "$(awk '{print $2}' "$work/hold")"
check "descriptors stay bounded" at_most $((fds + 300)) "$(descriptors)"
check "threads too" at_most $((tasks + 40)) "$(threads)"
check "the tunnel goes on" abuse trips "$by_b" 500
kill $holder && wait $holder 2>/dev/null
check "the owner is served when they are gone" wait_for 30 served

timeout 120 python3 "$here/abuse.py" drip "$socket" 100 >"$work/drip" 2>&1 &
dripper=$!
check "the owner is served beside 100 slow clients" served
check "slow clients are cut off" wait_for 60 is_gone $dripper
check "all of them" same "cut 100" "$(cat "$work/drip")"
check "20 headers without end are refused or cut off" abuse endless "$socket" 20
check "50 bodies that are no plan are refused, and change nothing" abuse broken "$socket" 50
check "the tunnel is as it was" same "/x/echo" "$(at a ls | cut -d' ' -f1)"
check "no connection is left" wait_for 90 at_most_now $((fds + 10))
# the tunnel's round trips beside the abuse, by the 99th percentile, as a multiple of those beside the same abuse of an unrelated server
for kind in connections slow headers bodies; do
    timeout 200 python3 "$here/disturbance.py" $kind "$socket" "$by_b" >"$work/disturbance" 2>&1
    ended=$?
    check "abuse disturbs the tunnel no more than 1.5 times as much as if it went elsewhere: $(tail -n 1 "$work/disturbance")" same 0 $ended
done
check "the tunnel is as it was" same "/x/echo" "$(at a ls | cut -d' ' -f1)"
exit $failures
