#!/usr/bin/env bash
# Who may give commands: the daemon's owner, a group of other users with a role, holders of Kubo's tokens.
#
#   curl as another user, ipfs --api-auth ── unix socket [a]
. "$(dirname "$0")/../lib.sh"
[ "$(id -u)" = 0 ] || { skip "becoming another user needs root"; exit 0; }
need curl has curl curl
need setpriv has setpriv util-linux
chmod 711 "$work"
group=$(getent group 65533 | cut -d: -f1)
[ -n "$group" ] || { group=games; }
gid=$(getent group "$group" | cut -d: -f3)
socket=$work/a/api.sock
# rpc USER:GROUP PATH: as that user; the status, then the body
rpc() { setpriv --reuid="${1%:*}" --regid="${1#*:}" --clear-groups curl -sS --max-time 20 --unix-socket "$socket" -X POST -w '\n%{http_code}' "http://adit/api/v0/$2" 2>&1; }
is() { rpc "$2" "$3" >"$work/answer"; same "$1" "$(tail -n 1 "$work/answer")"; }
with_role() {
    at a config API.Group "$group" 2>/dev/null && at a config API.GroupRole "$1" 2>/dev/null || return 1
    { [ ! -s "$work/a/api" ] || stop_node a; } && start_node a adit
}
must "the node is made" make_node a adit

must "the daemon starts with a group that may look" with_role read-only
check "a member may look" is 200 "65531:$gid" p2p/ls
check "and not listen" is 403 "65531:$gid" 'p2p/listen?arg=/x/a&arg=/ip4/127.0.0.1/tcp/22'
check "which role could is said" says 'has the role read-only here, \"listen\" needs operator' "$work/answer"
check "a user outside the group cannot even connect" same 000 "$(rpc 65531:65531 p2p/ls | tail -n 1)"
check "the key stays its owner's" eval '! setpriv --reuid=65531 --regid="$gid" --clear-groups cat "$work/a/identity.key"'
check "and so does the list of files" eval '! setpriv --reuid=65531 --regid="$gid" --clear-groups ls "$work/a"'

must "the daemon starts with a group that runs it" with_role operator
check "a member may listen" is 200 "65531:$gid" 'p2p/listen?arg=/x/a&arg=/ip4/127.0.0.1/tcp/22'
check "the log says who did what" logs a "audit: 65531: listen /x/a /ip4/127.0.0.1/tcp/22"
check "a member may not end the daemon" is 403 "65531:$gid" shutdown
check "which role could is said" says '\"shutdown\" needs admin' "$work/answer"
check "nor read the config" is 403 "65531:$gid" config/show

setpriv --reuid=65531 --regid="$gid" --clear-groups timeout 60 python3 - hold "$socket" 300 <"$here/abuse.py" >"$work/hold" 2>&1 &
holder=$!
check "a member opens 300 connections" wait_for 30 says held "$work/hold"
check "the owner is served beside them" at a ls
kill $holder && wait $holder 2>/dev/null

must "Kubo is there" "$here/install-kubo"
mkdir "$work/empty"
kubo() { IPFS_PATH=$work/empty timeout 30 "$ipfs" --api "/unix$socket" "$@"; }
at a config --json API.Authorizations '{"script": {"AuthSecret": "bearer:abc123", "AllowedPaths": ["/api/v0/p2p"]}}' 2>/dev/null
must "the daemon starts with a group that needs tokens" with_role none
check "a member without a token may nothing" is 403 "65531:$gid" p2p/ls
check "with the token ipfs p2p listen" kubo --api-auth bearer:abc123 p2p listen /x/kubo /ip4/127.0.0.1/tcp/81
check "and ipfs p2p ls" same 1 "$(kubo --api-auth bearer:abc123 p2p ls | grep -c /x/kubo)"
check "the log says so, without the token" eval 'logs a "with a token: listen /x/kubo" && ! says abc123 "$work/a/daemon.log"'
check "not what the token does not allow" eval '! kubo --api-auth bearer:abc123 swarm peers 2>"$work/kubo.err" && says "does not allow" "$work/kubo.err"'
check "nor with another token" eval '! kubo --api-auth bearer:abc p2p ls 2>"$work/kubo.err" && says "none of API.Authorizations" "$work/kubo.err"'
check "the owner needs none" same /x/kubo "$(at a ls | cut -d" " -f1)"
exit $failures
