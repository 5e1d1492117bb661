#!/usr/bin/env bash
# The README's blocks as they stand there, but for addresses, ports and paths.
#
#   ssh, curl, nc, redis-cli ── [client] adit ═══ TCP ═══ [service] adit | Kubo ── sshd, a web server, nc, redis
. "$(dirname "$0")/../lib.sh"
readme_address=/ip4/192.0.2.7/tcp/4001/p2p/12D3KooWPeer
# the daemons run already, each with a directory of its own
daemon='adit daemon &='

# block NODE ROLE SECTION [FROM=TO...]: runs the README's blocks of that role and section for the node
block() {
    local node=$1
    shift
    python3 "$here/readme.py" "$@" >"$work/block.sh" || return 1
    PATH=$root:$(dirname "$ipfs"):$PATH ADIT_PATH=$work/$node IPFS_PATH=$work/$node timeout 100 bash -e "$work/block.sh"
}

must "the daemons start" start_node service adit
must "the daemons start" start_node client adit
address=$(address service)

need "nc" has nc netcat-openbsd
service chat echo
check "the service's side of the first tunnel" block service service "Two machines" "$daemon" "tcp/7000=tcp/$port"
check "and the client's" same hello "$(block client client "Two machines" "$daemon" "$readme_address=$address" "7001=$(free_port)")"

need "ssh" has ssh openssh-client
need "sshd" eval '[ -x /usr/sbin/sshd ] || has sshd openssh-server'
must "sshd starts" start_sshd
options="-F none -i $work/ssh/user -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
check "SSH: the service's side" block service service SSH "tcp/22=tcp/$port"
check "SSH: through adit nc and through a forwarder" same "$(printf 'logged in\nlogged in')" "$(block client client SSH \
    "$readme_address=$address" "12D3KooWPeer=$(peer_id service)" "ssh -o=ssh $options -o" "ssh -p=ssh $options -p" "user@=$(id -un)@" \
    "2222=$(free_port)" | grep 'logged in')"

need "curl" has curl curl
need "redis" has redis-server redis-server
mkdir "$work/web" && echo "hello web" >"$work/web/index.html"
web_port=$(free_port)
python3 -m http.server --bind 127.0.0.1 --directory "$work/web" "$web_port" >"$work/web.log" 2>&1 &
redis-server --port 0 --unixsocket "$work/redis.sock" --save '' >"$work/redis.log" 2>&1 &
wait_for 10 connected "$web_port"
wait_for 10 test -S "$work/redis.sock"
check "a web server and a database: the service's side" block service service "A database" \
    "tcp/8080=tcp/$web_port" "/unix/run/redis/redis.sock=/unix$work/redis.sock"
check "a web server and a database: the client's side" same "$(printf 'hello web\nOK')" "$(block client client "A database" \
    "$readme_address=$address" "8081=$(free_port)" "6379=$(free_port)")"

need "Kubo" "$here/install-kubo"
must "Kubo starts" start_node kubo kubo tls
service kubochat echo
check "Kubo listens" block kubo kubo "Kubo on" "tcp/7000=tcp/$port"
check "adit forwards to it" same hello "$(block client kubo-client "Kubo on" "$readme_address=$(address kubo)" "7001=$(free_port)")"
exit $failures
