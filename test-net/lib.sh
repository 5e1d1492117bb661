# What the cases share: nodes, services, waiting, and the PASS, FAIL and SKIP lines. bash; source it.
# Everything runs on loopback, in a temporary directory of its own, and ends with the case.
set -uo pipefail
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
here=$root/test-net
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/adit
work=$(mktemp -d "${TMPDIR:-/tmp}/adit-net.XXXXXX")
case_name=$(basename "${0%.sh}")
failures=0

# where python3 is the shim of a version manager, it takes a tenth of a second each time to find the real one
[ ! -x /usr/bin/python3 ] || { mkdir "$work/.programs" && ln -s /usr/bin/python3 "$work/.programs/" && PATH=$work/.programs:$PATH; }

# What was started in the background is asked to end, then killed.
finish() {
    local status=$?
    trap - EXIT INT TERM
    # shellcheck disable=SC2046 # process ids are words
    if [ -n "$(jobs -pr)" ]; then
        kill $(jobs -pr) 2>/dev/null
        wait_for 5 no_jobs || kill -9 $(jobs -pr) 2>/dev/null
    fi 2>/dev/null
    [ -n "${KEEP:-}" ] && echo "kept: $work" >&2 || rm -rf --one-file-system "$work"
    exit $status
}
no_jobs() { [ -z "$(jobs -pr)" ]; }
trap finish EXIT
trap 'exit 130' INT TERM

pass() { echo "PASS $case_name: $*"; }
fail() { echo "FAIL $case_name: $*"; failures=1; }
skip() { echo "SKIP $case_name: $*"; }

# need WHAT COMMAND...: what cannot be had everywhere; ends the case when the command fails
need() {
    local what=$1
    shift
    "$@" >"$work/need.log" 2>&1 && return
    lack "$what is not there and could not be had"
    tail -n 10 "$work/need.log" | sed 's/^/    /'
    exit $failures
}

# has PROGRAM PACKAGE: the program is there; root on a Debian gets it
has() {
    command -v "$1" >/dev/null && return
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    { apt-get install -y --no-install-recommends "$2" || { apt-get update && apt-get install -y --no-install-recommends "$2"; }; } >"$work/apt.log" 2>&1
    command -v "$1" >/dev/null
}

# lack REASON: SKIP, or FAIL in CI, where everything must run
lack() {
    if [ -n "${CI:-}" ]; then fail "$1"; else skip "$1"; fi
}

# must WHAT COMMAND...: what the rest of the case is built on; FAIL and the end of the case when the command fails
must() {
    check "$@" >"$work/must.log"
    grep '^FAIL' -A 99 "$work/must.log" && exit 1
    return 0
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
        local node
        for node in $(cd "$work" && find . -maxdepth 2 -name pid -printf "%h\n"); do
            is_gone "$(pid_of "$node")" || { echo "    -- $node's log:"; tail -n 6 "$work/$node/daemon.log" | sed 's/^/    /'; }
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
    outcome=$(client outcome "$2")
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

# ---- nodes: an adit or a Kubo, each with a directory in $work

# ADIT=… runs the cases with another one, an installed one for instance
adit=${ADIT:-$root/adit}
ipfs=$cache/kubo/bin/ipfs
host=127.0.0.1 # where nodes and services listen
far=()         # what is put in front of the programs of nodes and services that are made now: the words for another network namespace

# at NODE WORDS...: the node's own command line: `at a p2p ls` is `adit p2p ls` or `ipfs p2p ls`
at() {
    local node=$1
    shift
    ADIT_PATH=$work/$node IPFS_PATH=$work/$node "$(cat "$work/$node/program")" "$@"
}

# at_back NODE LOG WORDS...: the same in the background; $! is the program itself, not a shell, so that a signal reaches it
at_back() {
    ADIT_PATH=$work/$1 IPFS_PATH=$work/$1 "$(cat "$work/$1/program")" "${@:3}" >>"$2" 2>&1 &
}

# make_node NODE adit|kubo [tls|noise|quic]: a node with its config, not started.
# A Kubo has that security only, or QUIC, which it prefers by default; an adit has both unless one is named.
make_node() {
    mkdir -m 700 "$work/$1"
    "make_$2" "$1" "${3:-}" >"$work/$1/made.log" 2>&1 || { cat "$work/$1/made.log"; return 1; }
}

# start_node NODE adit|kubo [tls|noise]: makes it when there is none of that name, starts it, waits until it is ready.
start_node() {
    local node=$1
    [ -d "$work/$node" ] || make_node "$@" || return 1
    : >"$work/$node/daemon.log"
    at_back "$node" "$work/$node/daemon.log" daemon
    echo $! >"$work/$node/pid"
    wait_for 30 ready "$node"
}

# set_program NODE PATH: what it runs, there where $far says
set_program() {
    if [ ${#far[@]} -eq 0 ]; then
        echo "$2" >"$work/$1/program"
    else
        printf '#!/bin/sh\nexec %s %s "$@"\n' "${far[*]}" "$2" >"$work/$1/there" && chmod +x "$work/$1/there" && echo "$work/$1/there" >"$work/$1/program"
    fi
}

make_adit() {
    set_program "$1" "$adit"
    at "$1" init && set_config "$1" Addresses.Swarm "[\"/ip4/$host/tcp/0\"]" Bootstrap '[]' Discovery.MDNS.Enabled false || return 1
    case $2 in
        tls) set_config "$1" Swarm.Transports.Security.Noise false ;;
        noise) set_config "$1" Swarm.Transports.Security.TLS false ;;
    esac
}

# Without DHT.
make_kubo() {
    set_program "$1" "$ipfs"
    at "$1" init --profile=test && set_config "$1" Experimental.Libp2pStreamMounting true Routing.Type '"none"' || return 1
    case $2 in
        quic) set_config "$1" Addresses.Swarm "[\"/ip4/$host/udp/0/quic-v1\"]" ;;
        noise) over_tcp "$1" && set_config "$1" Swarm.Transports.Security.TLS false ;;
        *) over_tcp "$1" && set_config "$1" Swarm.Transports.Security.Noise false ;;
    esac
}
over_tcp() {
    local network=Swarm.Transports.Network
    set_config "$1" Addresses.Swarm "[\"/ip4/$host/tcp/0\"]" $network.QUIC false $network.WebTransport false $network.WebRTCDirect false
}

# set_config NODE KEY JSON...: what its config command does, for several keys at once and far quicker; only while it is not running
set_config() {
    python3 - "$work/$1" "${@:2}" <<'END'
import json
import os
import sys

folder, words = sys.argv[1], sys.argv[2:]
path = next(p for p in (f"{folder}/config.json", f"{folder}/config") if os.path.exists(p))
with open(path, "r+", encoding="utf-8") as file:
    config = json.load(file)
    for key, value in zip(words[::2], words[1::2], strict=True):
        *parents, last = key.split(".")
        place = config
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = json.loads(value)
    file.seek(0)
    file.truncate()
    json.dump(config, file, indent=2)
END
}

ready() { grep -q 'Daemon is ready' "$work/$1/daemon.log" && [ -f "$work/$1/api" ]; }
pid_of() { cat "$work/$1/pid"; }
is_gone() { ! jobs -pr | grep -qx "$1"; }

# kill_node NODE: as a crash does, nothing is tidied up
kill_node() {
    kill -9 "$(pid_of "$1")" && wait "$(pid_of "$1")" 2>/dev/null
    is_gone "$(pid_of "$1")"
}

# stop_node NODE: asks it to end and waits
stop_node() {
    kill "$(pid_of "$1")" && wait_for 20 is_gone "$(pid_of "$1")"
}

# address NODE: a full address of it
address() { at "$1" id -f '<addrs>\n' | grep -m 1 -F "/$host/"; }
peer_id() { at "$1" id -f '<id>'; }

# ---- services

# service NAME MODE...: starts service.py in that mode; its port is then in $port
service() {
    local name=$1
    shift
    rm -f "$work/$name.port"
    "${far[@]}" python3 "$here/service.py" "$work/$name.port" "$@" >"$work/$name.log" 2>&1 &
    wait_for 10 test -s "$work/$name.port" || return 1
    port=$(cat "$work/$name.port")
}

# free_port: a port nobody listens on now
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# offer NODE NAME MODE [ARGUMENT]: a service and the node's listener for it, /x/NAME
offer() {
    service "$2" "${@:3}" && at "$1" p2p listen "/x/$2" "/ip4/127.0.0.1/tcp/$port" 2>"$work/offer.log" || { cat "$work/offer.log" >&2; return 1; }
}

# set_addresses NODE JSON: what an adit listens on from its next start on
set_addresses() { at "$1" config --json Addresses.Swarm "$2" 2>"$work/config.log"; }

# forward NODE NAME ADDRESS: the node's forwarder for /x/NAME at ADDRESS, on a port the kernel chooses; the port is then in $port
forward() {
    at "$1" p2p forward "/x/$2" /ip4/127.0.0.1/tcp/0 "$3" || return 1
    port=$(at "$1" p2p ls | awk -v p="/x/$2" '$1 == p && $3 ~ /^\/p2p\// {split($2, part, "/"); last = part[5]} END {print last}')
    [ -n "$port" ]
}

# client MODE ARGUMENT...: client.py with a time limit
client() { "${far[@]}" timeout 120 python3 "$here/client.py" "$@"; }

# connected PORT [HOST]: somebody accepts connections there
connected() { (exec 3<>"/dev/tcp/${2:-127.0.0.1}/$1") 2>/dev/null; }
refused() { ! connected "$1"; }

# says TEXT FILE: the file has the text, case apart
says() { grep -qiF -- "$1" "$2" || { echo "not said: $1"; tail -n 5 "$2"; return 1; }; }

# logs NODE WORDS: its daemon's log has them, or soon will: a daemon is ready before it has told all
logs() { wait_for 30 says "$2" "$work/$1/daemon.log" 2>/dev/null || says "$2" "$work/$1/daemon.log"; }

no_streams() { [ -z "$(at "$1" p2p stream ls)" ]; }
listed() { at "$1" p2p ls | grep -q "^$2 "; }
not_listed() { ! listed "$@"; }

# start_sshd: an SSH server for this user alone, on a port of $host that is then in $port; `ssh_to WORDS...` is the client for it
start_sshd() {
    local directory=$work/ssh sshd
    sshd=$(command -v sshd || echo /usr/sbin/sshd)
    mkdir -m 700 "$directory"
    ssh-keygen -q -t ed25519 -N '' -f "$directory/host" && ssh-keygen -q -t ed25519 -N '' -f "$directory/user" || return 1
    cp "$directory/user.pub" "$directory/authorized"
    [ "$(id -u)" != 0 ] || mkdir -p /run/sshd
    port=$(free_port)
    "${far[@]}" "$sshd" -D -e -f /dev/null -p "$port" -o ListenAddress="$host" -h "$directory/host" -o UsePAM=no -o PidFile=none -o MaxStartups=100 \
        -o StrictModes=no -o PermitRootLogin=yes -o AuthorizedKeysFile="$directory/authorized" -o Subsystem="sftp internal-sftp" 2>"$directory/sshd.log" &
    sshd_pid=$!
    wait_for 10 connected "$port" "$host"
}

ssh_to() {
    timeout 60 ssh -F none -i "$work/ssh/user" -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR "$@"
}
