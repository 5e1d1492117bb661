# What the cases share: nodes, services, waiting, and the PASS, FAIL and SKIP lines. bash; source it.
# Everything runs on loopback, in a temporary directory of its own, and ends with the case.
set -uo pipefail
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
here=$root/test-net
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/adit
work=$(mktemp -d "${TMPDIR:-/tmp}/adit-net.XXXXXX")
case_name=$(basename "${0%.sh}")
processes=()

finish() {
    local status=$?
    trap - EXIT INT TERM
    if [ ${#processes[@]} -gt 0 ]; then
        kill "${processes[@]}" 2>/dev/null
        ( for _ in $(seq 50); do kill -0 "${processes[@]}" 2>/dev/null || exit; sleep 0.1; done; kill -9 "${processes[@]}" 2>/dev/null ) &
        wait "${processes[@]}" 2>/dev/null
    fi
    [ -n "${KEEP:-}" ] && echo "kept: $work" >&2 || rm -rf "$work"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM

pass() { echo "PASS $case_name: $*"; }
fail() { echo "FAIL $case_name: $*"; failures=1; }
skip() { echo "SKIP $case_name: $*"; }

# need REASON COMMAND...: ends the case when the command fails: SKIP, or FAIL in CI, where everything must run
need() {
    local reason=$1
    shift
    if ! "$@" >"$work/need.log" 2>&1; then
        if [ -n "${CI:-}" ]; then fail "$reason"; tail -n 20 "$work/need.log"; else skip "$reason"; fi
        exit 0
    fi
}

# check WHAT COMMAND...: PASS when the command succeeds, FAIL with its output when not
check() {
    local what=$1
    shift
    if "$@" >"$work/check.log" 2>&1; then
        pass "$what"
    else
        fail "$what (exit $?)"
        tail -n 15 "$work/check.log" | sed 's/^/    /'
        local log
        for log in "$work"/*/daemon.log; do
            [ -f "$log" ] && { echo "    -- $(basename "$(dirname "$log")")'s log:"; tail -n 6 "$log" | sed 's/^/    /'; }
        done
    fi
}

# same EXPECTED ACTUAL
same() {
    [ "$1" = "$2" ] || { printf 'expected: %s\nactual:   %s\n' "$1" "$2"; return 1; }
}

# outcome_is REGEX PORT: how a connection that sends nothing ends, see client.py
outcome_is() {
    local outcome
    outcome=$(timeout 60 python3 "$here/client.py" outcome "$2")
    [[ $outcome =~ $1 ]] || { echo "expected: $1"; echo "actual:   $outcome"; return 1; }
}

# wait_for SECONDS COMMAND...: polls the condition, fails when it does not come true in time
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || { echo "waited in vain for: $*" >&2; return 1; }
        sleep 0.05
    done
}

# ---- nodes

# at NODE COMMAND...: runs adit's or Kubo's command line for that node
at() {
    local node=$1
    shift
    ADIT_PATH=$work/$node IPFS_PATH=$work/$node "$@"
}
adit=$root/adit
ipfs=$cache/kubo/bin/ipfs

# start_adit NODE [CONFIG-KEY JSON]...: makes and starts an adit node on a free loopback port
start_adit() {
    local node=$1
    shift
    if [ ! -f "$work/$node/config.json" ]; then
        at "$node" "$adit" init >/dev/null || return 1
        at "$node" "$adit" config --json Addresses.Swarm '["/ip4/127.0.0.1/tcp/0"]' || return 1
    fi
    while [ $# -gt 1 ]; do
        at "$node" "$adit" config --json "$1" "$2" || return 1
        shift 2
    done
    run_daemon "$node" "$adit" daemon
    wait_for 20 ready "$node"
}

# start_kubo NODE [tls|noise]: makes and starts a Kubo node on a free loopback TCP port, without DHT
start_kubo() {
    local node=$1 security=${2:-tls} transport
    if [ ! -f "$work/$node/config" ]; then
        at "$node" "$ipfs" init --profile=test >/dev/null 2>&1 || return 1
        at "$node" "$ipfs" config --json Experimental.Libp2pStreamMounting true
        at "$node" "$ipfs" config Routing.Type none
        at "$node" "$ipfs" config --json Addresses.Swarm '["/ip4/127.0.0.1/tcp/0"]'
        for transport in QUIC WebTransport WebRTCDirect; do
            at "$node" "$ipfs" config --json "Swarm.Transports.Network.$transport" false
        done
        if [ "$security" = noise ]; then
            at "$node" "$ipfs" config --json Swarm.Transports.Security.TLS false
        else
            at "$node" "$ipfs" config --json Swarm.Transports.Security.Noise false
        fi
    fi
    run_daemon "$node" "$ipfs" daemon
    wait_for 30 grep -q 'Daemon is ready' "$work/$node/daemon.log"
}

# The program itself runs in the background, not a function: its process id is needed to kill it.
run_daemon() {
    local node=$1
    shift
    mkdir -p "$work/$node"
    ADIT_PATH=$work/$node IPFS_PATH=$work/$node "$@" >"$work/$node/daemon.log" 2>&1 &
    echo $! >"$work/$node/pid"
    processes+=($!)
}

ready() { [ -f "$work/$1/api" ] && grep -q 'Daemon is ready' "$work/$1/daemon.log"; }
pid_of() { cat "$work/$1/pid"; }
kill_node() { kill -9 "$(pid_of "$1")" && wait "$(pid_of "$1")" 2>/dev/null; rm -f "$work/$1/api"; }

# stop_node NODE: asks it to end and waits
stop_node() { kill "$(pid_of "$1")" && wait "$(pid_of "$1")"; }

# address NODE PROGRAM: a full address of the node
address() { at "$1" "$2" id -f '<addrs>\n' | tr -d '\r' | grep -m 1 127.0.0.1; }
peer_id() { at "$1" "$2" id -f '<id>'; }

# ---- services

# service NAME MODE...: starts service.py in that mode; its port is then in $port
service() {
    local name=$1
    shift
    rm -f "$work/$name.port"
    python3 "$here/service.py" "$work/$name.port" "$@" >"$work/$name.log" 2>&1 &
    processes+=($!)
    eval "${name}_pid=$!"
    wait_for 10 test -s "$work/$name.port" || return 1
    port=$(cat "$work/$name.port")
}

# free_port: a port nobody listens on now
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# forward_port NODE PROGRAM PROTOCOL ADDRESS: sets up a forwarder on a port the kernel chooses; the port is then in $port
forward_port() {
    at "$1" "$2" p2p forward "$3" /ip4/127.0.0.1/tcp/0 "$4" || return 1
    port=$(at "$1" "$2" p2p ls | awk -v p="$3" '$1 == p && $3 ~ /^\/p2p\// {split($2, part, "/"); last = part[5]} END {print last}')
    [ -n "$port" ]
}
