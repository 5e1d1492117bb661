# What tools/bench compares: two daemons each with a tunnel to the same three services, or the same without daemons. bash; source it after lib.sh.
# The listening side is at $host, started with the words of $far in front (lib.sh): loopback, or another network namespace.

declare -A ports pids # of a rival: its three local ports, echo, sink, source; its two processes

say() { echo "$*" >&2; }
put() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$figures"; } # RIVAL FIGURE VALUE
is_tunnel() { [ -n "${pids[$1]-}" ]; }

build_load() {
    load=$root/build/bench/bench-load
    mkdir -p "${load%/*}"
    gcc -O2 -pthread -o "$load" "$here/bench/load.c"
}

# start_services: at $host; their ports are then in $echo_port, $sink_port and $source_port
start_services() {
    local service
    for service in echo sink source; do
        eval "${service}_port=$(free_port)"
        service=${service}_port
        "${far[@]}" "$load" "${service%_port}" "$host:${!service}" &
        wait_for 10 connected "${!service}" "$host"
    done
}

# set_up RIVAL
set_up() {
    say "starting $1"
    pids[$1]=
    case $1 in
        direct) ports[direct]="$host:$echo_port $host:$sink_port $host:$source_port" ;;
        socat) set_up_socat ;;
        ssh) set_up_ssh ;;
        channel-tls|channel-noise) set_up_channel "$1" "${1#*-}" ;;
        adit-tls|adit-noise|kubo-tls|kubo-noise|kubo-quic) set_up_pair "$1" "${1%-*}" "${1#*-}" ;;
        *) usage >&2; exit 2 ;;
    esac
}

set_up_pair() {
    local rival=$1 a=$1-a b=$1-b there service variable
    start_node "$a" "$2" "$3" >&2
    near_node "$b" "$2" "$3" >&2
    pids[$rival]="$(pid_of "$a") $(pid_of "$b")"
    there=$(address "$a")
    ports[$rival]=
    for service in echo sink source; do
        variable=${service}_port
        at "$a" p2p listen "/x/$service" "/ip4/$host/tcp/${!variable}" 2>/dev/null
        forward "$b" "$service" "$there"
        ports[$rival]+="$port "
    done
    at "$b" swarm connect "$there" >/dev/null
}

near_node() {
    local host=127.0.0.1 far=()
    start_node "$@"
}

set_up_ssh() {
    local forwards=() service local_port variable
    [ -d "$work/ssh" ] || start_sshd
    ports[ssh]=
    for service in echo sink source; do
        variable=${service}_port local_port=$(free_port)
        forwards+=(-L "127.0.0.1:$local_port:$host:${!variable}")
        ports[ssh]+="$local_port "
    done
    ssh -F none -N -p "$port" -i "$work/ssh/user" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
        "${forwards[@]}" "$host" &
    wait_for 10 connected "${ports[ssh]%% *}"
    pids[ssh]="$(pgrep -P "$sshd_pid" | tr '\n' ' ') $!"
}

# Two of them in a row, as often as the others have daemons: what user space costs without cipher and muxer.
set_up_socat() {
    local service middle end variable
    ports[socat]=
    for service in echo sink source; do
        variable=${service}_port middle=$(free_port) end=$(free_port)
        "${far[@]}" socat -b 262144 "TCP-LISTEN:$middle,bind=$host,fork,reuseaddr,nodelay,backlog=128" "TCP:$host:${!variable},nodelay" &
        socat -b 262144 "TCP-LISTEN:$end,bind=127.0.0.1,fork,reuseaddr,nodelay,backlog=128" "TCP:$host:$middle,nodelay" &
        wait_for 10 connected "$end"
        ports[socat]+="$end "
    done
}

# The secure channel alone: no sockets beside its own, so its two processes are also the load, told what to do through a pipe.
set_up_channel() {
    local rival=$1 java classes=$root/build/bench/channel
    java=$(. "$root/tools/lib.sh" && find_java_home)/bin
    mkdir -p "$classes"
    "$java/javac" -d "$classes" -cp "$root/build/lib/*" "$root/modules/transport/src/bench/java/adit/transport/ChannelLoad.java"
    local run=("$java/java" -XX:+UseSerialGC -Xmx96m -XX:+UseCompactObjectHeaders -cp "$classes:$root/build/lib/*" adit.transport.ChannelLoad)
    "${run[@]}" server "${rival#*-}" >"$work/$rival.port" &
    pids[$rival]=$!
    wait_for 20 test -s "$work/$rival.port"
    mkfifo "$work/$rival.in" "$work/$rival.out"
    "${run[@]}" client "${rival#*-}" "$(cat "$work/$rival.port")" <"$work/$rival.in" >"$work/$rival.out" &
    pids[$rival]+=" $!"
    eval "exec {${rival/-/_}_in}>\"$work/$rival.in\" {${rival/-/_}_out}<\"$work/$rival.out\""
    ports[$rival]="$rival $rival $rival"
}

# run_load MODE PORT ARGUMENT...: the client of load.c, or the same done by a secure channel; with a time limit
run_load() {
    case $2 in
        channel-*)
            local in=${2/-/_}_in out=${2/-/_}_out answer
            echo "$1 ${*:3}" >&"${!in}"
            read -r -t 60 answer <&"${!out}" && echo "$answer" ;;
        *) timeout 60 "$load" "$@" ;;
    esac
}
