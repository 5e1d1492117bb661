#!/usr/bin/env bash
# An HTTP server through a tunnel.
#
#   curl ── forwarder [b] ═══ TCP, TLS 1.3, yamux ═══ [a] listener ── python3 -m http.server
. "$(dirname "$0")/../lib.sh"
need curl has curl curl
must "the daemons start" start_node a adit
must "the daemons start" start_node b adit
mkdir "$work/files"
head -c 20000000 /dev/urandom >"$work/files/data"
port=$(free_port)
python3 -m http.server --bind 127.0.0.1 --directory "$work/files" "$port" >"$work/http.log" 2>&1 &
must "the server starts" wait_for 10 connected "$port"
at a listen /x/web "/ip4/127.0.0.1/tcp/$port" 2>/dev/null && forward b web "$(address a)"
get() { curl -sS --max-time 60 "http://127.0.0.1:$port/$1"; }

check "a page" says 'href="data"' <(get "")
check "20 MB" same "$(sha256sum <"$work/files/data")" "$(get data | sha256sum)"
check "what is not there" same 404 "$(curl -s --max-time 20 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/nothing")"
check "50 requests, 10 at a time" same 50 "$(seq 50 | xargs -P 10 -I{} curl -sS --max-time 60 -o /dev/null -w '%{http_code}\n' "http://127.0.0.1:$port/?{}" | grep -c 200)"
check "HTTP/1.0, ended by the server" same 20000000 "$(curl -sS --http1.0 --max-time 60 "http://127.0.0.1:$port/data" | wc -c)"
check "no stream is left" wait_for 10 no_streams a
exit $failures
