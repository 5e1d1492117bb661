#!/usr/bin/env bash
# What test-net/nat/matrix runs in a lab, one or several at a time.
# usage: tries.sh RESULTS RELAY TRIES PART PARTS SEATS/KIND/KIND...   takes every PARTS-th of the pairs and adds a line for each try to RESULTS:
#   seats, the listener's kind, the forwarder's kind, try, milliseconds from `forward` to the first byte and how many connections that took, how the
#   forwarder's node says it is connected in the end, how the listener's does, which way the bytes went, milliseconds from `forward` to the last change,
#   how many attempts of a DCUtR it took (adit alone tells); separated by tabs, - for what there is not
# shellcheck source=test-net/nat/lab.sh
. "$(dirname "$(readlink -f "$0")")/lab.sh"
. "$here/nat/nodes.sh"
results=$1 relay=$2 tries=$3 part=$4 parts=$5
shift 5
patience=40  # seconds for a first byte
settling=12  # seconds that a relayed connection has to become a direct one: three attempts of a DCUtR
payload=50000 # bytes there and back, which a relay of Kubo's passes on; far more than all else that a node sends to a relay meanwhile

ms() { python3 -c 'import sys; print(round(1000 * (float(sys.argv[2]) - float(sys.argv[1]))))' "$1" "$2"; }

# way PORT: sends the payload through the tunnel and looks whether it has passed the relay: direct, relayed, unclear, none
way() {
    local before after
    before=$(relayed_bytes)
    within b client echoed "$1" $payload >"$work/way.log" 2>&1 || { echo none; return; }
    after=$(relayed_bytes)
    if [ $((after - before)) -ge $((2 * payload)) ]; then echo relayed; elif [ $((after - before)) -lt $((payload / 2)) ]; then echo direct; else echo unclear; fi
}

# settle: until the forwarder's node is connected directly, or has had its time; the answer is in $claimed and, when it became so, in $changed
settle() {
    local end=$((SECONDS + settling))
    while claimed=$(path b a) && [ "$claimed" = relayed ] && [ $SECONDS -lt $end ]; do sleep 0.2; done
    changed=$EPOCHREALTIME
}

# start_pair KIND KIND LISTENER FORWARDER: routers and nodes anew, and a service
start_pair() {
    new_sites "$1" "$2" && make_site_node a "$1" "$3" && make_site_node b "$2" "$4" && start_site_nodes \
        && wait_for 30 settled a "$1" && wait_for 30 settled b "$2" && talkative a && talkative b && within a offer a echo echo && service=$!
}

talkative() { [ "${implementations[$1]}" != adit ] || told "$1" "log/level?arg=all&arg=debug" >"$work/talkative"; }

# try_pair SEATS KIND KIND TRY
try_pair() {
    local listener=${1%_*} forwarder=${1#*_} start port=7000 first= connections=- claimed=none changed= way=none behind=none
    if ! start_pair "$2" "$3" "$listener" "$forwarder" >"$work/start.log" 2>&1; then
        cat "$work/start.log" >&2
        put "$@" - - unready - none - -
        return
    fi
    start=$EPOCHREALTIME
    if at b p2p forward /x/echo "/ip4/127.0.0.1/tcp/$port" "/p2p/${ids[a]}" >"$work/forward.log" 2>&1 && read -r first connections < <(within b client first "$port" $patience 2>"$work/first.log"); then
        settle
        way=$(way "$port")
        [ "$way" != none ] || way=$(way "$port") # the connection has changed in the middle of it
        claimed=$(path b a) behind=$(path a b)
        put "$@" "$(ms "$start" "$first")" "$connections" "$claimed" "$behind" "$way" "$(ms "$start" "$changed")" "$(attempts)"
    else
        put "$@" - - "$(path b a)" "$(path a b)" none - "$(attempts)"
    fi
}

# attempts: of both nodes together, the failed ones too
attempts() {
    cat "$work"/[ab]/daemon.log | awk '/hole punched to .* in try/ { n += $NF } /hole punching failed [0-9]+ times/ { sub(/.*hole punching failed /, ""); n += $1 } END { print n ? n : "-" }'
}

# put SEATS KIND KIND TRY FIELD...: a line of the results; the logs are kept when the node does not tell the truth or has none to tell, or when a relay
# was all that came of two NATs that could be punched
put() {
    (IFS=$'\t' && echo "$*") | tee -a "$results" >&2
    case $9 in
        relayed) [ "$7" != relayed ] || [[ "$2 $3" != *symmetric* && "$2 $3" != *shared* ]] || return 0 ;;
        direct) [[ $7 != direct && $7 != punched ]] || return 0 ;;
    esac
    mkdir -p "$results.logs"
    local site
    for site in a b; do cp "$work/$site/daemon.log" "$results.logs/$1-$2-$3-$4-$site.log"; done 2>/dev/null
}

end_pair() {
    local site
    [ -z "${service-}" ] || { kill "$service" && wait "$service"; } 2>/dev/null
    service=
    for site in a b; do remove_node $site; done
}

must "the lab opens" open_lab
must "the daemons of the public hosts start" open_network "$relay"
for n in $(seq "$tries"); do
    index=0
    for pair in "$@"; do
        index=$((index + 1))
        [ $((index % parts)) -eq "$part" ] || continue
        IFS=/ read -r seats a b <<<"$pair"
        try_pair "$seats" "$a" "$b" "$n"
        end_pair
    done
done
