#!/usr/bin/env bash
# What it costs to be a client of the DHT, adit's beside Kubo's: idle traffic, CPU and memory, and how long a search takes. Everything is in fresh
# namespaces and gone with this process; root is not needed where ordinary users may make them. Prints a table.
# usage: dht.sh [SECONDS]   counting for so long (default: 3600), after two minutes of settling; the figures are for an hour
#        CROWD=100 in the environment: so many servers more, adit's, in one process; a network of more peers than Kubo keeps connected
#
#   20 servers [Kubo], 50.N.0.1, and the crowd, 53.N.0.1 ══ 51.N.0.1 ══ switch: 20 ms each way ══ 51.N.0.2, every candidate with a wire of its own
#   afterwards 20 clients come that nobody has met [adit, 52.N.0.1], and both candidates look for each of them
if [ "${1-}" = -h ] || [ "${1-}" = --help ]; then sed -n '2,5s/^# //p' "$0"; exit 0; fi
if [ "${1-}" != inside ]; then
    user=-Ur
    [ "$(id -u)" != 0 ] || user=
    root=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
    [ -n "${ADIT:-}" ] || "$root/tools/build" >&2 || exit 1
    "$root/test-net/install-kubo" >&2 || exit 1
    if [ "${CROWD:-0}" -gt 0 ]; then
        (. "$root/tools/lib.sh" && . "$root/tools/maven.sh" && JAVA_HOME=$(find_java_home) && export JAVA_HOME && cd "$root" &&
            "$(find_maven "$root/build")" -q -B -pl modules/dht -am test-compile >&2) || exit 1
        classes=$(printf '%s:' "$root"/modules/*/target/classes "$root/modules/dht/target/test-classes")$(find ~/.m2 -name 'bcp*.jar' | tr '\n' ':')
        export classes
    fi
    # shellcheck disable=SC2086
    exec unshare $user --net --mount --pid --fork --kill-child=SIGKILL --mount-proc bash "$0" inside "$@"
fi
seconds=${2:-3600} servers=${SERVERS:-20} targets=${TARGETS:-20} settle=${SETTLE:-120} crowd=${CROWD:-0}
. "$(dirname "$(readlink -f "$0")")/../lib.sh"
set -e
mount -t tmpfs tmpfs /run
ip link set lo up
ip netns attach core $$
gcc -O2 -o "$work/switch" "$here/bench/switch.c"
say() { echo "dht: $*" >&2; }

# namespace NAME: without IPv6, which talks by itself
namespace() {
    ip netns add "$1"
    ip -n "$1" link set lo up
    ip netns exec "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
}

# wire NAMESPACE INTERFACE NAMESPACE INTERFACE: without offloads, so that frames are what they would be on a real one
wire() {
    local end
    ip link add "$2" netns "$1" type veth peer name "$4" netns "$3"
    for end in "$1 $2" "$3 $4"; do
        ip -n "${end% *}" link set "${end#* }" up
        ip netns exec "${end% *}" ethtool -K "${end#* }" tx off tso off gso off gro off >/dev/null 2>&1
    done
}

# place NODE NUMBER: a namespace for that node, 20 ms away
place() {
    namespace "$1"
    namespace "between$2"
    wire core "c$2" "between$2" near
    wire "$1" wan "between$2" far
    ip addr add "51.$2.0.1/24" dev "c$2"
    ip -n "$1" addr add "51.$2.0.2/24" dev wan
    ip -n "$1" route add default via "51.$2.0.1"
    ip netns exec "between$2" "$work/switch" near far delay=20 >"$work/switch$2.out" 2>&1 &
    wait_for 5 grep -q ready "$work/switch$2.out"
}

# configure NODE adit|kubo ADDRESS TYPE: a node made, not started
configure() {
    host=$3
    make_node "$1" "$2" tls
    set_config "$1" Routing.Type "\"$4\""
    if [ -n "${hub:-}" ] && [ "$4" != none ]; then set_config "$1" Bootstrap "[\"$hub\"]"; fi
    # in one namespace Linux gives a connection the address it leads to, and Kubo takes eight from one address
    [ "$2" = adit ] || set_config "$1" Swarm.ResourceMgr.Enabled false Addresses.API "\"/unix$work/$1/api.sock\""
}

server() { # NUMBER
    ip addr add "50.$1.0.1/32" dev lo
    configure "server$1" kubo "50.$1.0.1" dhtserver
    start_node "server$1" kubo
}

# candidate NODE adit|kubo NUMBER TYPE
candidate() {
    place "$1" "$3"
    far=(ip netns exec "$1")
    configure "$1" "$2" "51.$3.0.2" "$4"
    start_node "$1" "$2"
    far=()
}

carried() { ip netns exec "$1" awk '$1 == "wan:" { print $2 + $10 }' /proc/net/dev; }
used() { awk '{ print ($14 + $15) * 10 }' "/proc/$(pid_of "$1")/stat"; } # ms
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$(pid_of "$1")/status"; } # KiB
# kinds NODE: what an adit's resident memory is, a line of KiB and name for each
kinds() {
    awk '/^[0-9a-f]+-[0-9a-f]+ / {
             kind = "what the JVM allocates, stacks"
             if ($6 ~ /libjvm/) kind = "libjvm.so"
             else if ($6 ~ /[.]jsa$/) kind = "the archive of classes"
             else if ($6 ~ /^[/]/) kind = "other files"
             else if ($2 ~ /x/) kind = "compiled code"
             else if (length($1) <= 17) kind = "the heap" # below 4 GiB
         }
         /^Rss:/ { sum[kind] += $2 }
         END { for (kind in sum) print sum[kind] "\t" kind }' "/proc/$(pid_of "$1")/smaps"
}
peers() { at "$1" swarm peers | sed 's,.*/p2p/,,' | sort -u | wc -l; }

say "$servers servers"
server 1
host=50.1.0.1
hub=$(address server1)
for ((n = 2; n <= servers; n++)); do server "$n"; done
if [ "$crowd" -gt 0 ]; then
    say "$crowd more"
    for ((n = 1; n <= crowd; n++)); do ip addr add "53.$n.0.1/32" dev lo; done
    "$(. "$root/tools/lib.sh" && find_java_home)/bin/java" -Xmx1500m -cp "$classes" adit.dht.Crowd "$hub" "$crowd" "/ip4/53.%d.0.1/tcp/4001" >"$work/crowd.out" 2>"$work/crowd.log" &
    wait_for 300 grep -q joined "$work/crowd.out"
fi
candidates="adit-client adit-none kubo-client kubo-none"
say "candidates: $candidates"
candidate adit-client adit 1 autoclient
candidate adit-none adit 2 none
candidate kubo-client kubo 3 dhtclient
candidate kubo-none kubo 4 none
say "settling for $settle seconds, then counting for $seconds seconds"
sleep "$settle"
declare -A bytes cpu before after connected
for node in $candidates; do bytes[$node]=$(carried "$node") cpu[$node]=$(used "$node") before[$node]=$(resident "$node"); done
sleep "$seconds"
for node in $candidates; do
    bytes[$node]=$((($(carried "$node") - bytes[$node]) * 3600 / seconds))
    cpu[$node]=$((($(used "$node") - cpu[$node]) * 3600 / seconds))
    after[$node]=$(resident "$node")
    connected[$node]=$(peers "$node")
done

echo "| | adit, DHT client | Kubo, DHT client | adit, no DHT | Kubo, no DHT |"
echo "|---|---|---|---|---|"
row() { # WHAT ARRAY DIVISOR
    local -n figures=$2
    awk -v what="$1" -v divisor="$3" 'BEGIN { printf "| %s", what; for (i = 1; i < ARGC; i++) printf " | %.1f", ARGV[i] / divisor; print " |" }' \
        "${figures[adit-client]}" "${figures[kubo-client]}" "${figures[adit-none]}" "${figures[kubo-none]}"
}
row "connected peers" connected 1
row "traffic, kB an hour" bytes 1000
row "CPU, seconds an hour" cpu 1000
row "resident memory at first, MB" before 976.6
row "resident memory at the end, MB" after 976.6
join -t '	' -j 2 <(kinds adit-client | sort -t '	' -k 2) <(kinds adit-none | sort -t '	' -k 2) \
    | awk -F '\t' '{ printf "| of it %s, MB | %.1f | | %.1f | |\n", $1, $2 / 976.6, $3 / 976.6 }'

say "$targets clients that nobody has met"
target() { # NUMBER
    ip addr add "52.$1.0.1/32" dev lo
    configure "target$1" adit "52.$1.0.1" autoclient
    start_node "target$1" adit && wait_for 60 eval '[ "$(peers "target'"$1"'")" -ge 3 ]'
}
find() { # CANDIDATE NUMBER
    python3 "$here/network.py" finds "$1=$work/$1=/" "target$2=$work/target$2=/ip4/52.$2.0.1/" >>"$work/$1.finds" || say "$1 does not find target$2"
}
: >"$work/adit-client.finds"
: >"$work/kubo-client.finds"
for ((n = 1; n <= targets; n++)); do
    target "$n" || { say "target$n does not start in time"; continue; }
    if ((n % 2)); then find adit-client "$n" && find kubo-client "$n"; else find kubo-client "$n" && find adit-client "$n"; fi
done
quantile() { sort -n "$work/$1.finds" | awk -v q="$2" '{ all[NR] = $1 } END { print all[int((NR - 1) * q + 0.5) + 1] }'; }
echo "| searches that found | $(wc -l <"$work/adit-client.finds") of $targets | $(wc -l <"$work/kubo-client.finds") of $targets | | |"
echo "| a search, ms: median | $(quantile adit-client 0.5) | $(quantile kubo-client 0.5) | | |"
echo "| a search, ms: slowest | $(quantile adit-client 1) | $(quantile kubo-client 1) | | |"
