#!/usr/bin/env bash
# The systemd units: accepted, hardened, and a daemon that works within them.
#
#   systemd ── adit.service (user adit, /var/lib/adit) ── [root] adit status
. "$(dirname "$0")/../lib.sh"
. "$here/machine.sh"
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
for unit in system/adit.service system/adit-forward@.socket system/adit-forward@.service system/adit-api.path system/adit-api.target \
    user/adit.service user/adit-api.path user/adit-api.target; do
    installed $unit
done
check "systemd has nothing to say about the system's unit" verified "$work/system/adit.service"
check "nothing about those beside it" verified "$work/system/adit-forward@2222.socket" "$work/system/adit-forward@2222.service"
check "nor about the path of the api file" verified "$work/system/adit-api.path" "$work/system/adit-api.target"
check "and nothing about the user's" verified --user "$work/user/adit.service" "$work/user/adit-api.path" "$work/user/adit-api.target"
check "exposure of the service is at most 2.0" systemd-analyze security --offline=yes --threshold=20 "$work/system/adit.service"
check "and of what takes clients to it" systemd-analyze security --offline=yes --threshold=20 "$work/system/adit-forward@.service"

status_inside() { inside env ADIT_PATH=/var/lib/adit "$adit" status; }
# the JDK outside may be known from the environment only
java=JAVA_HOME=$(find_java_home)
need "a systemd of its own" boot_systemd
must "adit and its user are there" copy_adit
inside sh -c "cp $units/system/* /run/systemd/system; mkdir /run/systemd/system/adit.service.d; cat >/run/systemd/system/adit.service.d/here.conf" <<INSIDE
[Service]
ExecStart=
ExecStart=/opt/adit/adit daemon
WatchdogSec=30
Environment=$java
INSIDE
inside sh -c "cat >/run/systemd/system/needs-adit.service" <<'INSIDE'
[Unit]
PartOf=adit-api.target
After=adit-api.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'test -S /var/lib/adit/api.sock'
[Install]
WantedBy=adit-api.target
INSIDE
inside systemctl daemon-reload
active() { inside systemctl is-active "$1"; }
inactive() { ! active "$1"; }
check "what needs adit is enabled" eval 'inside systemctl enable --runtime needs-adit && inside systemctl enable --runtime adit-api.path'
check "the service starts" inside systemctl start adit
check "and then what needs it" wait_for 30 active needs-adit
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
# the other end of a tunnel: a web server here, whose peer lets the service in
inside env ADIT_PATH=/opt/other "$adit" init >/dev/null
inside env ADIT_PATH=/opt/other "$adit" config --json Addresses.Swarm '["/ip4/127.0.0.1/tcp/4002"]'
inside sh -c "mkdir /opt/web && echo through >/opt/web/index.html && exec python3 -m http.server --bind 127.0.0.1 --directory /opt/web 8000" >"$work/web" 2>&1 &
inside env ADIT_PATH=/opt/other "$adit" daemon >"$work/other" 2>&1 &
wait_for 30 says "Daemon is ready" "$work/other"
inside env ADIT_PATH=/opt/other "$adit" listen /x/web /ip4/127.0.0.1/tcp/8000
other=/ip4/127.0.0.1/tcp/4002/p2p/$(inside env ADIT_PATH=/opt/other "$adit" id -f '<id>')
check "a forwarder's port may be systemd's" eval 'inside env ADIT_PATH=/var/lib/adit "$adit" forward --save /x/web /unix/run/adit/2222.sock "$other" \
    && inside systemctl start adit-forward@2222.socket'
check "it is restarted" inside systemctl restart adit
check "and so is what needs it" wait_for 30 active needs-adit
check "it stops" inside systemctl stop adit
check "and so does what needs it" eval 'inactive needs-adit && inactive adit-api.target && inactive adit-api.path && inactive adit'
check "which nothing starts again" same "" "$(inside systemctl list-jobs --no-legend)"
fetched() { same through "$(inside python3 -c 'import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:2222/", timeout=30).read().decode().strip())')"; }
check "the first client starts it, and is served" wait_for 60 fetched
check "it stops again" inside systemctl stop adit-forward@2222.socket adit-forward@2222.service adit
check "as a service should" same success "$(inside systemctl show -P Result adit)"
check "and takes its api file along" eval '! inside test -e /var/lib/adit/api'
inside journalctl -u adit --no-pager >"$work/journal" 2>&1
check "the journal has its log" says "Daemon is ready" "$work/journal"
halt
exit $failures
