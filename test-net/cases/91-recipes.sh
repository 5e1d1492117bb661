#!/usr/bin/env bash
# The recipes as docs/recipes.md has them, but for peers, ports and paths, with the real programs.
#
#   ssh, scp, rsync, git, psql, vncviewer, curl, docker ── [here] adit | Kubo ═══ TCP ═══ [there] adit | Kubo ── sshd, PostgreSQL, Xvnc, nginx, dockerd
. "$(dirname "$0")/../lib.sh"
[ "$(id -u)" = 0 ] || { skip "the services need root"; exit 0; }
need "ssh" has ssh openssh-client
need "sshd" eval '[ -x /usr/sbin/sshd ] || has sshd openssh-server'
need "rsync" has rsync rsync
need "git" has git git
need "curl" has curl curl
need "nginx" has nginx nginx-light
need "PostgreSQL" eval '[ -n "$(ls /usr/lib/postgresql/*/bin/postgres 2>/dev/null)" ] || has postgres postgresql; has psql postgresql-client'
need "a VNC server" has Xvnc tigervnc-standalone-server
need "a VNC client" has xtigervncviewer tigervnc-viewer
need "Kubo" "$here/install-kubo"
chmod 711 "$work"
me=$(id -un)

# ---- services of the machine there
must "sshd starts" start_sshd && ssh_port=$port
options="-F none -i $work/ssh/user -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
mkdir -p "$work/home/documents"
head -c 300000 /dev/urandom >"$work/home/notes.txt" && head -c 400000 /dev/urandom >"$work/home/documents/report"
git init -q --bare -b main "$work/project.git"
as_author="-c user.name=test -c user.email=test@example.org -c commit.gpgsign=false"
# shellcheck disable=SC2086 # options are words
git init -q -b main "$work/first" && git -C "$work/first" $as_author commit -q --allow-empty -m first && git -C "$work/first" push -q "$work/project.git" main

pg=$(dirname "$(ls /usr/lib/postgresql/*/bin/postgres | tail -n 1)")
install -d -o postgres -m 755 "$work/pg"
pg_port=$(free_port)
as_postgres() { setpriv --reuid=postgres --regid=postgres --clear-groups env -C "$work/pg" LC_ALL=C "$@"; }
as_postgres "$pg/initdb" -A trust -D "$work/pg/data" >"$work/pg.log" 2>&1
as_postgres "$pg/postgres" -D "$work/pg/data" -k "$work/pg" -h 127.0.0.1 -p "$pg_port" >>"$work/pg.log" 2>&1 &
must "PostgreSQL starts" wait_for 30 as_postgres psql -q -h "$work/pg" -p "$pg_port" -c 'create role "user" login' postgres
as_postgres psql -q -h "$work/pg" -p "$pg_port" -c 'create database database' postgres

web_port=$(free_port)
mkdir "$work/web" "$work/www" && echo "hello web" >"$work/www/index.html"
cat >"$work/web/nginx.conf" <<NGINX
user $me;
daemon off;
pid $work/web/pid;
error_log $work/web/error.log;
events {}
http {
    access_log off;
    client_body_temp_path $work/web; proxy_temp_path $work/web; fastcgi_temp_path $work/web; uwsgi_temp_path $work/web; scgi_temp_path $work/web;
    server { listen 127.0.0.1:$web_port default_server; return 404; }
    server { listen 127.0.0.1:$web_port; server_name www.example.org 127.0.0.1; root $work/www; }
}
NGINX
nginx -c "$work/web/nginx.conf" 2>"$work/web/log" &
must "nginx starts" wait_for 10 connected "$web_port"

screen_port=$(free_port)
Xvnc ":$((RANDOM % 1000 + 100))" -rfbport "$screen_port" -localhost -SecurityTypes None -geometry 320x200 >"$work/xvnc.log" 2>&1 &
must "Xvnc starts" wait_for 10 connected "$screen_port"
# the viewer needs a screen, too: it is shown on another one
desk_port=$(free_port) desk_display=:$((RANDOM % 1000 + 1100))
Xvnc "$desk_display" -rfbport "$desk_port" -localhost -SecurityTypes None >"$work/desk.log" 2>&1 &
must "the viewer's screen is there" wait_for 10 connected "$desk_port"
cat >"$work/viewer" <<VIEWER
xtigervncviewer -display $desk_display "\$1" >"$work/viewer.log" 2>&1 &
# which it says once the first picture has come
until grep -q "Enabling continuous updates" "$work/viewer.log"; do kill -0 \$! || exit 1; sleep 0.1; done
kill \$!
VIEWER

# ---- the recipes
# recipe ROLE NAME FROM=TO...: that recipe's commands on that side
recipe() {
    local role=$1 kind
    kind=$([ "$role" = there ] && echo "$kind_there" || echo "$kind_here")
    python3 "$here/readme.py" docs/recipes.md "$@" >"$work/block.sh" || return 1
    [ "$kind" = adit ] || sed -i -e 's/^adit listen --save --allow [^ ]*/ipfs p2p listen/' -e 's/^adit forward --save/ipfs p2p forward/' "$work/block.sh"
    (cd "$work/desk" && PATH=$root:$(dirname "$ipfs"):$PATH ADIT_PATH=$work/$seat-$role IPFS_PATH=$work/$seat-$role GIT_SSH_COMMAND="ssh $options" \
        timeout 60 bash -e "$work/block.sh")
}
# offered NAME FROM=TO...: the side with the service
offered() { recipe there "$1" "${@:2}" $([ "$kind_there" = adit ] && echo "12D3KooWMine=$id_here"); }
# used NAME FROM=TO...: the other one
used() { recipe here "$1" "${@:2}"; }
peer() { echo "/p2p/12D3KooWPeer=$address"; }

scp_works() {
    used scp "2222=$1" "-P=$options -P" "user@127.0.0.1:=$me@127.0.0.1:$work/home/" && cmp "$work/home/notes.txt" "$work/home/copy.txt" \
        && cmp "$work/home/notes.txt" "$work/desk/notes.txt"
}
rsync_works() {
    used rsync "2222=$1" "ssh -p=ssh $options -p" "user@127.0.0.1:documents/=$me@127.0.0.1:$work/home/documents/" && cmp "$work/home/documents/report" "$work/desk/documents/report"
}
git_works() {
    used git "user@127.0.0.1:2222/srv=$me@127.0.0.1:$1$work" "git -C project push=git -C project $as_author commit -q --allow-empty -m $seat; git -C project push" \
        && git -C "$work/project.git" log -1 --format=%s main | grep -x "$seat"
}
docker_works() {
    mkdir "$work/$seat-run"
    offered Docker "/unix/run/docker.sock=/unix$work/docker/docker.sock" \
        && used Docker "$(peer)" "/unix/run/user/1000/=/unix$work/$seat-run/" "unix:///run/user/1000/=unix://$work/$seat-run/" | grep -A 2 '^Server:'
}
dockerd_runs() {
    has dockerd docker.io && has docker docker.io || return 1
    mkdir "$work/docker"
    dockerd --host "unix://$work/docker/docker.sock" --data-root "$work/docker/data" --exec-root "$work/docker/exec" --pidfile "$work/docker/pid" \
        --bridge=none --iptables=false --ip6tables=false --storage-driver=vfs >"$work/dockerd.log" 2>&1 &
    wait_for 30 docker -H "unix://$work/docker/docker.sock" version
}

# all THERE HERE: the recipes between these two kinds of node
all() {
    kind_there=$1 kind_here=$2 seat=$1-$2
    mkdir "$work/desk"
    must "$seat: the daemons start" start_node "$seat-there" "$1"
    must "$seat: the daemons start" start_node "$seat-here" "$2"
    address=$(address "$seat-there") id_here=$(peer_id "$seat-here")
    local ssh postgres home web screen
    ssh=$(free_port) postgres=$(free_port) home=$(free_port) web=$(free_port) screen=$(free_port)
    check "$seat: ssh" eval 'offered ssh "tcp/22=tcp/$ssh_port" && used ssh "$(peer)" "2222=$ssh" "ssh -p=ssh $options -p" "user@=$me@" | grep "load average"'
    check "$seat: scp" scp_works "$ssh"
    check "$seat: rsync" rsync_works "$ssh"
    check "$seat: git" git_works "$ssh"
    local database=/unix/run/postgresql/.s.PGSQL.5432=/unix$work/pg/.s.PGSQL.$pg_port
    [ "$1" = adit ] || database=/unix/run/postgresql/.s.PGSQL.5432=/ip4/127.0.0.1/tcp/$pg_port
    check "$seat: PostgreSQL" eval 'offered PostgreSQL "$database" && used PostgreSQL "$(peer)" "5433=$postgres" | grep 42'
    check "$seat: VNC" eval 'offered VNC "tcp/5900=tcp/$screen_port" && used VNC "$(peer)" "tcp/5901=tcp/$screen" "vncviewer 127.0.0.1:1=sh $work/viewer 127.0.0.1::$screen"'
    check "$seat: Home Assistant's port" eval 'offered "Home" "8123=$web_port" && used "Home" "$(peer)" "8124=$home" | grep -x "hello web"'
    check "$seat: a web server by its name" eval 'offered "a web" "tcp/80=tcp/$web_port" && used "a web" "$(peer)" "8080=$web" | grep -x "hello web"'
    if [ "$seat" = adit-adit ]; then
        if dockerd_runs; then check "$seat: Docker's socket" docker_works; else skip "dockerd does not run here: $(tail -n 1 "$work/dockerd.log")"; fi
    fi
    stop_node "$seat-here" && stop_node "$seat-there"
    rm -r "$work/desk"
}
all adit adit
all kubo adit
all adit kubo
exit $failures
