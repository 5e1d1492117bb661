#!/usr/bin/env bash
# Machines without systemd: OpenRC, runit, busybox's init, each with the file that is shipped for it.
#
#   rc-service, runsv, init ── /usr/bin/adit (user adit, /var/lib/adit) ── [root] adit ls
. "$(dirname "$0")/../lib.sh"
. "$here/machine.sh"
. "$root/tools/lib.sh"

# machine INIT...: one with adit as a package would leave it; the JDK outside may be known from the environment only
machine() {
    boot "$@" && copy_adit && inside sh -c 'cat >/usr/bin/adit; chmod 755 /usr/bin/adit' <<END
#!/bin/sh
JAVA_HOME=$(find_java_home) exec /opt/adit/adit "\$@"
END
}
answers() { inside env ADIT_PATH=/var/lib/adit adit ls; }
running() { inside pgrep -U adit -f "adit.cli.Main daemon"; }
is_another() { local now; now=$(running) && [ "$now" != "$1" ]; }
comes_back() { # after that signal
    local before
    before=$(running) && inside kill "$1" "$before" && wait_for 120 is_another "$before" && wait_for 60 answers
}
owned() { same "adit 700" "$(inside stat -c '%U %a' /var/lib/adit)" && same adit "$(inside stat -c %U /var/lib/adit/identity.key)"; }
saved='{"Tunnels": {"Listeners": [{"Protocol": "/x/b", "TargetAddress": "/unix/b", "Allow": []}]}}'
add_saved() { inside sh -c "sed -i 's|^{|{ ${saved:1:-1},|' /var/lib/adit/config.json"; }
has_saved() { answers | grep '^/x/b '; }

need "a machine of its own" boot python3 "$here/reaper.py"
halt

need "OpenRC" has openrc-run openrc
rc() { inside timeout 60 rc-service adit "$@"; }
must "a machine with OpenRC" eval 'machine python3 "$here/reaper.py" && inside sh -c "mkdir -p /run/openrc/exclusive /etc/conf.d && touch /run/openrc/softlevel && cp $root/src/dist/openrc/adit /etc/init.d/adit"'
check "OpenRC knows it" inside rc-update add adit default
check "it starts" rc start
check "only when it can be asked" answers
check "its directory is its own" owned
check "it is started" rc status
add_saved
check "reload makes it use the config's tunnels" eval 'rc reload && wait_for 30 has_saved'
check "after a crash it is started again" comes_back -KILL
check "it stops" rc stop
check "in order" eval '! inside test -e /var/lib/adit/api && ! running'
check "OpenRC says so" eval '! rc status'
inside sh -c 'echo "healthcheck_delay=10 healthcheck_timer=1 healthcheck_patience=10s retry=KILL/5" >/etc/conf.d/adit'
check "it starts again" rc start
check "one that hangs is started again" comes_back -STOP
halt

need "runit" has runsv runit
must "a machine with runit" eval 'machine python3 "$here/reaper.py" && inside sh -c "mkdir -p /etc/sv/adit && cp $root/src/dist/supervise/run /etc/sv/adit/run"'
inside runsv /etc/sv/adit >"$work/runsv.log" 2>&1 &
check "runit starts it" wait_for 60 answers
check "its directory is its own" owned
check "after a crash it is started again" comes_back -KILL
add_saved
check "SIGHUP makes it use the config's tunnels" eval 'inside sv hup /etc/sv/adit && wait_for 30 has_saved'
check "it stops" inside sv -w 30 force-stop /etc/sv/adit
check "in order" eval '! inside test -e /var/lib/adit/api'
halt

need "busybox" has busybox busybox
must "a machine with busybox's init" eval 'machine python3 "$here/reaper.py" && inside sh -c "cp $root/src/dist/supervise/run /usr/local/sbin/adit-run \
    && echo ::respawn:/usr/local/sbin/adit-run >/etc/inittab"'
inside unshare --pid --fork --kill-child --mount-proc busybox init >"$work/init.log" 2>&1 &
check "init starts it" wait_for 60 answers
check "after a crash it is started again" comes_back -KILL
halt
exit $failures
