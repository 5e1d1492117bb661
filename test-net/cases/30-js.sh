#!/usr/bin/env bash
# js-libp2p in either seat, over TLS and over Noise.
#
#   client ── forwarder [adit] ═══ TCP, TLS 1.3 | Noise, yamux ═══ [js-libp2p] handler
#   [js-libp2p] newStream ═══ TCP, TLS 1.3 | Noise, yamux ═══ [adit] listener ── service
. "$(dirname "$0")/../lib.sh"
need "js-libp2p" "$here/install-js"
js=$cache/js
peer() { timeout 120 "$js/node" "$js/peer.mjs" "$@"; }

must "the daemon starts" start_node a adit
offer a digest digest
offer a source source 50000000
for security in tls noise; do
    check "js dials, adit listens, $security: 50 MB each way, half-close" same ok "$(peer dial $security "$(address a)" 2>&1)"

    peer listen $security >"$work/js-$security.log" 2>&1 &
    must "$security: the js peer listens" wait_for 20 says /p2p/ "$work/js-$security.log"
    there=$(head -n 1 "$work/js-$security.log")
    forward a digest "$there"
    check "adit forwards, js listens, $security: 50 MB up, half-close, the answer arrives" client digest "$port" 50000000
    check "adit forwards, js listens, $security: 20 streams at once" client many digest "$port" 20 1000000
    forward a source "$there"
    check "adit forwards, js listens, $security: 50 MB down" client fetch "$port" 50000000
    check "adit forwards, js listens, $security: no stream is left" wait_for 20 no_streams a
    at a p2p close --all >/dev/null
    offer a digest digest
    offer a source source 50000000
done
exit $failures
