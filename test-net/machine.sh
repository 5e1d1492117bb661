# A throwaway copy of this machine with an init of its own: namespaces and an overlay, gone with the case. bash; source it after lib.sh.

# boot INIT...: its process id is then in $init; whatever is done inside changes nothing outside. Needs root.
boot() {
    [ "$(id -u)" = 0 ] || return 1
    unshare --pid --fork --mount --cgroup --uts --ipc --net --kill-child bash -e <<EOF_INSIDE >"$work/boot.log" 2>&1 &
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
cd /mnt/root
mount -t proc proc proc
mount -t tmpfs tmpfs dev
for node in null zero full random urandom tty; do touch dev/\$node; mount --bind /dev/\$node dev/\$node; done
ln -s /proc/self/fd dev/fd
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mkdir -p ./$root
mount --rbind $root ./$root
ip link set lo up 2>/dev/null || true
export container=lxc
exec chroot . $*
EOF_INSIDE
    local unshare=$!
    wait_for 10 eval 'init=$(pgrep -P '$unshare')' && wait_for 10 is_root_of_its_own
}
is_root_of_its_own() { [ "$(stat -Lc %d:%i "/proc/$init/root")" != "$(stat -Lc %d:%i /)" ]; }

# boot_systemd: only where no systemd is outside, whose control groups it would disturb
boot_systemd() {
    [ ! -d /run/systemd/system ] && boot /lib/systemd/systemd --unit=basic.target --log-target=console && wait_for 20 inside systemctl list-units
}

# copy_adit: the one built here, in /opt/adit, where services may see it, neither in a home nor in /tmp; and its user
copy_adit() {
    inside sh -c "mkdir -p /opt/adit/build && cp -a $root/adit $root/tools $root/src /opt/adit && cp -a $root/build/lib /opt/adit/build" \
        && inside systemd-sysusers "$root/src/dist/sysusers/adit.conf"
}

# inside COMMAND...: runs it there
inside() { nsenter -t "$init" -m -p -u -i -C -n -r -w -- "$@"; }

# halt: with everything it runs, and waits
halt() {
    kill -9 "$init"
    wait_for 10 no_jobs
}
