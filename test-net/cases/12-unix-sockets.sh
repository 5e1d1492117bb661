#!/usr/bin/env bash
# Unix sockets at both ends of a tunnel.
#
#   client ── unix socket, forwarder [b] ═══ TCP, TLS 1.3, yamux ═══ [a] listener ── unix socket, service
. "$(dirname "$0")/../lib.sh"
must "the daemons start" start_node a adit
must "the daemons start" start_node b adit
there=$(address a)

python3 "$here/service.py" "$work/service.sock" digest >"$work/service.log" 2>&1 &
wait_for 10 test -S "$work/service.sock"
check "listen to a unix socket" at a listen /x/digest "/unix$work/service.sock"
check "forward from a unix socket" at b forward /x/digest "/unix$work/client.sock" "$there"
check "20 MB up, half-close, the answer arrives" client digest "unix:$work/client.sock" 20000000
check "20 streams at once" client many digest "unix:$work/client.sock" 20 1000000
check "only its owner may use the socket" same 600 "$(stat -c %a "$work/client.sock")"
check "a socket in use is not taken over" eval '! at b forward /x/other "/unix$work/client.sock" "$there"'
check "which leaves the tunnel as it was" client digest "unix:$work/client.sock" 1000
at b close -p /x/digest >/dev/null
check "close removes the socket's file" test ! -e "$work/client.sock"
kill_node b
check "the daemon starts again" start_node b adit
exit $failures
