# A real systemd on a throwaway copy of this machine: namespaces and an overlay, gone with the case. bash; source it after lib.sh.

# boot_systemd: its process id is then in $init; whatever is done inside changes nothing outside. Needs root, and no systemd outside,
# whose control groups it would disturb.
boot_systemd() {
    [ "$(id -u)" = 0 ] && [ ! -d /run/systemd/system ] || return 1
    unshare --pid --fork --mount --cgroup --uts --ipc --net --kill-child bash -e <<EOF_INSIDE >"$work/systemd.log" 2>&1 &
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
exec chroot . /lib/systemd/systemd --unit=basic.target --log-target=console
EOF_INSIDE
    local unshare=$!
    wait_for 10 eval 'init=$(pgrep -P '$unshare')' && wait_for 20 inside systemctl list-units
}

# inside COMMAND...: runs it where that systemd runs
inside() { nsenter -t "$init" -m -p -u -i -C -n -r -w -- "$@"; }

# end_systemd: with everything it runs, and waits
end_systemd() {
    kill -9 "$init"
    wait_for 10 no_jobs
}
