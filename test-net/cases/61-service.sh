#!/usr/bin/env bash
# The systemd units: accepted, hardened, and a daemon that works within them.
#
#   systemd ── adit.service (user adit, /var/lib/adit) ── [root] adit status
. "$(dirname "$0")/../lib.sh"
. "$here/systemd.sh"
. "$root/tools/lib.sh"
units=$root/src/dist/systemd

# installed FILE: the unit as it would be on a machine where adit is installed here
installed() {
    mkdir -p "$work/$(dirname "$1")"
    sed "s|/usr/bin/adit|$adit|" "$units/$1" >"$work/$1"
}
# verified [--user] FILE: systemd has nothing to say about it
verified() { same "" "$(XDG_RUNTIME_DIR=$work systemd-analyze verify --man=no "$@" 2>&1)"; }

need "systemd" has systemd-analyze systemd
installed system/adit.service && installed user/adit.service
check "systemd has nothing to say about the system's unit" verified "$work/system/adit.service"
check "and nothing about the user's" verified --user "$work/user/adit.service"
check "exposure of the service is at most 2.0" systemd-analyze security --offline=yes --threshold=20 "$work/system/adit.service"

status_inside() { inside env ADIT_PATH=/var/lib/adit "$adit" status; }
# the JDK outside may be known from the environment only
java=JAVA_HOME=$(find_java_home)
need "a systemd of its own" boot_systemd
must "the user is made" inside systemd-sysusers "$root/src/dist/sysusers/adit.conf"
# where the service may see it: neither in a home nor in /tmp
inside sh -c "mkdir -p /opt/adit/build && cp -a $root/adit $root/tools $root/src /opt/adit && cp -a $root/build/lib /opt/adit/build"
inside sh -c "cp $units/system/adit.service /run/systemd/system; mkdir /run/systemd/system/adit.service.d; cat >/run/systemd/system/adit.service.d/here.conf" <<INSIDE
[Service]
ExecStart=
ExecStart=/opt/adit/adit daemon
WatchdogSec=30
Environment=$java
INSIDE
inside systemctl daemon-reload
check "the service starts" inside systemctl start adit
check "only when it is ready, with its api file" inside test -f /var/lib/adit/api
status_is() { inside systemctl show -P StatusText adit | grep -e "$1"; }
check "systemd knows how it is" status_is "^peer 12D3Koo.*tunnels: 0 open"
check "root may ask it" status_inside
check "it runs as adit" same adit "$(inside stat -c %U /var/lib/adit/identity.key)"
check "its directory is its own" same "adit 700" "$(inside stat -c '%U %a' /var/lib/adit)"
check "another user may not ask it" eval '! inside setpriv --reuid=65534 --clear-groups env ADIT_PATH=/var/lib/adit "$adit" ls'
check "and give it a tunnel" inside env ADIT_PATH=/var/lib/adit "$adit" listen /x/a /dns4/localhost/tcp/22
tunnels='{"Tunnels": {"Listeners": [{"Protocol": "/x/b", "TargetAddress": "/unix/b"}]}}'
inside sh -c "sed -i 's|^{|{ ${tunnels:1:-1},|' /var/lib/adit/config.json"
check "reload makes it use the config's tunnels" inside systemctl reload adit
check "which it tells" wait_for 30 status_is "tunnels: 2 open"
restarts() { inside systemctl show -P NRestarts adit; }
inside systemctl kill --kill-whom=main --signal=STOP adit
check "it is started again when nothing is heard of it" wait_for 120 eval '[ "$(restarts)" -ge 1 ] && status_is "tunnels: 1 open"'
inside systemctl kill --kill-whom=main --signal=KILL adit
check "it is started again after a crash" wait_for 30 eval '[ "$(restarts)" -ge 2 ] && status_inside'
check "it stops" inside systemctl stop adit
check "as a service should" same success "$(inside systemctl show -P Result adit)"
check "and takes its api file along" eval '! inside test -e /var/lib/adit/api'
inside journalctl -u adit --no-pager >"$work/journal" 2>&1
check "the journal has its log" says "Daemon is ready" "$work/journal"
end_systemd
exit $failures
