#!/usr/bin/env bash
# js-libp2p in either seat, over TLS and over Noise.
#
#   client ── forwarder [adit] ═══ TCP, TLS | Noise, yamux ═══ [js-libp2p] handler
#   [js-libp2p] newStream ═══ TCP, TLS | Noise, yamux ═══ [adit] listener ── service
. "$(dirname "$0")/../lib.sh"
failures=0
need "js-libp2p can be installed" "$here/install-js"
js=$cache/js
node=$js/node_modules/node/bin/node

need "the adit daemon starts" start_adit a
service digest digest && at a "$adit" listen /x/digest "/ip4/127.0.0.1/tcp/$port"
service source source 50000000 && at a "$adit" listen /x/source "/ip4/127.0.0.1/tcp/$port"
a=$(address a "$adit")

for security in tls noise; do
    check "js dials, adit listens, $security: 50 MB each way and half-close" same ok "$(timeout 120 "$node" "$js/peer.mjs" dial $security "$a" 2>&1)"

    "$node" "$js/peer.mjs" listen $security >"$work/js-$security.log" 2>&1 &
    processes+=($!)
    check "the js peer listens, $security" wait_for 20 grep -q p2p "$work/js-$security.log"
    there=$(head -n 1 "$work/js-$security.log")
    forward_port a "$adit" /x/js-digest "$there"
    check "adit forwards, js listens, $security: 50 MB up, half-close, the answer arrives" timeout 120 python3 "$here/client.py" digest "$port" 50000000
    forward_port a "$adit" /x/js-source "$there"
    check "adit forwards, js listens, $security: 50 MB down" timeout 120 python3 "$here/client.py" fetch "$port" 50000000
done
exit $failures
