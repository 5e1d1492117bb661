#!/usr/bin/env bash
# What the daemon tells systemd, without a systemd: one datagram after the other.
#
#   [a] ── READY, WATCHDOG, RELOADING, STOPPING ── notify.py
. "$(dirname "$0")/../lib.sh"

# tells SOCKET: a daemon below that socket says what it must
tells() {
    rm -f "$work/told"
    python3 "$here/notify.py" "$1" "$work/told" &
    local listener=$!
    wait_for 10 test -f "$work/told" || return 1
    export NOTIFY_SOCKET=$1 WATCHDOG_USEC=400000
    start_node a adit || return 1
    unset NOTIFY_SOCKET WATCHDOG_USEC
    wait_for 10 test -s "$work/told" || return 1
    head -n 1 "$work/told" | grep "^READY=1; STATUS=peer 12D3Koo[^ ]*, tunnels: 0 open, 0 waiting, streams: 0$" || return 1
    at a listen /x/a /unix/a 2>/dev/null
    wait_for 30 grep "^WATCHDOG=1; STATUS=.*tunnels: 1 open" "$work/told" || return 1
    kill -HUP "$(pid_of a)"
    wait_for 30 eval 'grep -A 9 "^RELOADING=1; MONOTONIC_USEC=[0-9]*$" "$work/told" | grep "^READY=1"' || return 1
    # the clock is that of the machine
    told=$(sed -n 's/.*MONOTONIC_USEC=//p' "$work/told")
    python3 -c "import sys, time; age = time.clock_gettime(time.CLOCK_MONOTONIC) - $told / 1e6; sys.exit(not 0 < age < 90)" || return 1
    stop_node a || return 1
    wait_for 10 grep "^STOPPING=1; " "$work/told" || return 1
    ! grep -i -e warning -e error "$work/a/daemon.log" || return 1
    kill $listener
}
check "a socket that is a file hears all" tells "$work/notify.sock"
check "and so does an abstract one" tells "@adit-test-$$"

# refused SOCKET: a daemon starts, and says that it tells nothing
deaf() {
    export NOTIFY_SOCKET=$1
    start_node a adit || return 1
    unset NOTIFY_SOCKET
    logs a "$2" && stop_node a
}
check "a socket where nobody listens is no reason not to start" deaf "$work/nobody.sock" "systemd does not take messages"
check "nor is a name that is none" deaf vsock:2:1 "neither a path nor an abstract name"
check "nor one that is too long" deaf "/$(printf %0200d 0)" "neither a path nor an abstract name"
loads() { grep -c NotifySocket "$work/classes"; }
export ADIT_JAVA_OPTIONS="-Xlog:class+load:file=$work/classes"
start_node a adit
unset ADIT_JAVA_OPTIONS
check "the classes are known" says "adit.cli.Systemd " "$work/classes"
check "without systemd nothing of it is loaded" same 0 "$(loads)"
check "nor of java.lang.foreign's linker" same 0 "$(grep -c 'jdk.internal.foreign.abi.AbstractLinker ' "$work/classes")"
exit $failures
