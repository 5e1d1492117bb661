#!/usr/bin/env bash
# The control socket, driven by what others have: curl, and Kubo's own command line.
#
#   curl, ipfs --api ── unix socket [a]
. "$(dirname "$0")/../lib.sh"
must "the daemon starts" start_node a adit
must "a second daemon starts" start_node b adit
socket=$work/a/api.sock
rpc() { curl -sS --max-time 20 --unix-socket "$socket" -X POST "http://adit/api/v0/$1"; }

need curl has curl curl
check "curl: listen" rpc 'p2p/listen?arg=/x/web&arg=/ip4/127.0.0.1/tcp/80'
check "curl: ls is Kubo's JSON" same "/x/web /p2p/$(peer_id a) /ip4/127.0.0.1/tcp/80" \
    "$(rpc p2p/ls | python3 -c 'import json, sys; l = json.load(sys.stdin)["Listeners"][0]; print(l["Protocol"], l["ListenAddress"], l["TargetAddress"])')"
check "curl: an error is Kubo's JSON" same "error" "$(rpc 'p2p/close' | python3 -c 'import json, sys; print(json.load(sys.stdin)["Type"])')"
check "only its owner may use the socket" same 600 "$(stat -c %a "$socket")"
check "GET is refused, as in Kubo" same 405 "$(curl -s --max-time 20 --unix-socket "$socket" -o /dev/null -w '%{http_code}' http://adit/api/v0/p2p/ls)"

need Kubo "$here/install-kubo"
mkdir "$work/empty"
kubo() { IPFS_PATH=$work/empty timeout 30 "$ipfs" --api "/unix$socket" "$@"; }
check "ipfs p2p ls" same "/x/web /p2p/$(peer_id a) /ip4/127.0.0.1/tcp/80" "$(kubo p2p ls)"
check "ipfs p2p listen, as a script does" kubo p2p listen /x/kubo /ip4/127.0.0.1/tcp/81
check "adit sees it" listed a /x/kubo
check "ipfs p2p forward" kubo p2p forward /x/other /ip4/127.0.0.1/tcp/0 "$(address b)"
check "ipfs p2p close" same "Closed 1 stream(s)" "$(kubo p2p close -p /x/kubo)"
check "ipfs p2p stream ls" same "" "$(kubo p2p stream ls)"
check "ipfs p2p listen of a taken name says why" eval '! kubo p2p listen /x/web /ip4/127.0.0.1/tcp/82 2>"$work/kubo.err" && says "already registered" "$work/kubo.err"'
check "ipfs id" same "$(peer_id a)" "$(kubo id -f '<id>')"
check "ipfs swarm connect" same "connect $(peer_id b) success" "$(kubo swarm connect "$(address b)")"
check "ipfs swarm peers" says "$(peer_id b)" <(kubo swarm peers)
check "ipfs ping" kubo ping -n 2 "$(peer_id b)"
IPFS_PATH=$work/empty "$ipfs" --api "/unix$socket" p2p listen -f /x/front /ip4/127.0.0.1/tcp/83 >"$work/front.out" 2>&1 &
front=$!
check "ipfs p2p listen -f: the listener is there" wait_for 10 listed a /x/front
kill $front
check "ipfs p2p listen -f: and gone when the command is" wait_for 10 not_listed a /x/front
exit $failures
