# The groups of figures that tools/bench measures on this machine's loopback. bash; source it after rivals.sh.

# Of all processes together, in seconds, by each one's CPU clock as clock_getcpuclockid(3) names it: /proc/PID/stat counts in 10 ms, too coarse for a short run.
cpu() { python3 -c 'import sys, time; print(sum(time.clock_gettime_ns((~int(pid) << 3) | 2) for pid in sys.argv[1:]) / 1e9)' "$@"; }
# Of the largest one, in MB.
resident() { awk -v field="$1:" '$1 == field && $2 > most { most = $2 } END { printf "%.1f", most / 1024 }' $(printf '/proc/%s/status ' "${@:2}"); }

# puts RIVAL FIGURE FIELD LINE: the field of a line that the load printed
puts() { put "$1" "$2" "$(awk -v f="$3" '{ print $f }' <<<"$4")"; }
# What was lost is told and has no figure; the run goes on.
lost() { say "$1: lost: ${*:2}"; }

transfer() { # RIVAL push|pull PORT
    local before after line
    before=$(is_tunnel "$1" && cpu ${pids[$1]} || true)
    line=$(run_load "$2" "$3" "$bytes") || { lost "$1" "$2" "$line"; return 0; }
    puts "$1" "$2" 2 "$line"
    is_tunnel "$1" || return 0
    after=$(cpu ${pids[$1]})
    put "$1" "$2-cpu" "$(awk "BEGIN { print ($after - $before) / ($bytes / 1e9) }")"
}

bulk() {
    transfer "$1" push "$3"
    transfer "$1" pull "$4"
}

trip() {
    local line
    line=$(run_load pingpong "$2" "$trips" 64) || { lost "$1" trip "$line"; return 0; }
    puts "$1" trip-p50 3 "$line"
    puts "$1" trip-p99 7 "$line"
}

setups() {
    local at_once line
    case $1 in channel-*) return ;; esac
    for at_once in 1 16; do
        line=$(run_load setups "$2" $((at_once == 1 ? setups : 2 * setups)) $at_once) || { lost "$1" setups "$line"; continue; }
        puts "$1" "setups-$at_once" 2 "$line"
        puts "$1" "setups-$at_once-p99" 6 "$line"
    done
}

# as much of everything as one round has, unmeasured
warm_up() {
    say "warming up $1"
    run_load push "$3" "$bytes" >&2 || lost "$1" push
    run_load pull "$4" "$bytes" >&2 || lost "$1" pull
    run_load pingpong "$2" "$trips" 64 >&2 || lost "$1" trip
    case $1 in channel-*) return ;; esac
    run_load setups "$2" "$setups" 16 >&2 || lost "$1" setups
}

put_resident() { # FIGURE FIELD
    local rival
    for rival in $rivals; do
        case $rival in
            adit-*|kubo-*|ssh) put "$rival" "$1" "$(resident "$2" ${pids[$rival]})" ;;
        esac
    done
}

# Who did not hold what was asked before is not asked for more.
declare -A held
idle_streams() { # COUNT MOST-ASKED-BEFORE
    local rival echo _ holder most=$2
    for rival in $rivals; do
        case $rival in adit-*|kubo-*|ssh) ;; *) continue ;; esac
        if [ "${held[$rival]-$1}" -lt "$most" ]; then
            put "$rival" "streams-$1" "${held[$rival]}"
            continue
        fi
        say "$1 idle streams: $rival"
        read -r echo _ <<<"${ports[$rival]}"
        timeout 120 "$load" idle "$echo" "$1" 100 >"$work/open" &
        holder=$!
        wait_for 90 test -s "$work/open" || { kill $holder; continue; }
        held[$rival]=$(awk '{ print $2 }' "$work/open")
        put "$rival" "streams-$1" "${held[$rival]}"
        [ "${held[$rival]}" -lt "$1" ] || put "$rival" "rss-$1" "$(resident VmRSS ${pids[$rival]})"
        rm "$work/open"
        kill $holder
    done
}

start() { # RIVAL
    local node=$1-start kind=${1%-*} milliseconds
    case $kind in adit|kubo) ;; *) return 0 ;; esac
    say "start: $1"
    [ -d "$work/$node" ] || make_node "$node" "$kind" "${1#*-}"
    milliseconds=$(ADIT_PATH=$work/$node IPFS_PATH=$work/$node timeout 60 python3 "$here/bench/start.py" "$(cat "$work/$node/program")") ||
        { lost "$1" start; return 0; }
    puts "$1" ready 1 "$milliseconds"
    puts "$1" call 2 "$milliseconds"
    puts "$1" version-call 3 "$milliseconds"
}

# The package that the adit is from; a checkout's own has no runtime, so its size says nothing. In MB.
installed() { # RIVAL
    local folder
    case $1 in
        kubo-*) put "$1" installed "$(du -k "$ipfs" | awk '{ print $1 / 1024 }')" ;;
        adit-*)
            folder=$(dirname "$adit")
            [ "$(basename "$folder")" != bin ] || folder=$(dirname "$folder")
            [ "$folder" = "$root" ] || put "$1" installed "$(du -sk "$folder" | awk '{ print $1 / 1024 }')" ;;
    esac
}

# measure_here GROUP...: every rival has one pair of daemons for all of them
measure_here() {
    local group rival round wanted=" $* " in_rounds="" count before=0
    start_services
    for rival in $rivals; do set_up "$rival"; done
    for group in bulk trip setups start; do case $wanted in *" $group "*) in_rounds+="$group " ;; esac; done
    case $wanted in *" memory "*) sleep "$settle_seconds" && put_resident rss-idle VmRSS ;; esac
    case $wanted in *" bulk "*|*" trip "*|*" setups "*|*" memory "*) for rival in $rivals; do warm_up "$rival" ${ports[$rival]}; done ;; esac
    for round in $(seq "$rounds"); do
        for group in $in_rounds; do
            for rival in $rivals; do
                say "round $round of $rounds: $group, $rival"
                "$group" "$rival" ${ports[$rival]}
            done
        done
    done
    case $wanted in *" start "*) for rival in $rivals; do installed "$rival"; done ;; esac
    case $wanted in
        *" memory "*)
            sleep "$settle_seconds" # some is given back after a moment
            put_resident rss-after VmRSS
            put_resident rss-peak VmHWM
            for count in $streams; do idle_streams "$count" "$before" && before=$count; done ;;
    esac
}
