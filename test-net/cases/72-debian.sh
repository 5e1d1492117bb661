#!/usr/bin/env bash
# The .deb in a Debian that has nothing else: installs, works, and goes without a trace.
#
#   client ── [b, in the clean Debian] adit ═══ adit [a, in there too] ── service
if [ "${IN_NAMESPACE:-}" != 1 ] && [ "$(id -u)" = 0 ]; then
    # what is mounted below is gone with the case
    exec unshare --mount --propagation private env IN_NAMESPACE=1 "$0"
fi
. "$(dirname "$0")/../lib.sh"
. "$here/package.sh"
[ "$(id -u)" = 0 ] || { lack "not root, who alone may change roots"; exit $failures; }
need "debootstrap" has debootstrap debootstrap
must "a package is made" make_packages "$(uname -m)"

debian=$(mktemp -d "${TMPDIR:-/tmp}/adit-debian.XXXXXX")
# what is mounted there must not be deleted with it
leave() {
    local status=$?
    umount "$debian/$work" "$debian/proc" 2>"$work/umount.log"
    mountpoint -q "$debian/proc" || rm -rf --one-file-system "$debian"
    (exit $status)
    finish
}
trap leave EXIT
clean=$cache/debian-bookworm.tar
clean_debian() {
    if [ ! -f "$clean" ]; then
        debootstrap --variant=minbase bookworm "$debian/new" http://deb.debian.org/debian && tar -C "$debian/new" -cf "$clean.part" . &&
            mv "$clean.part" "$clean" && rm -rf --one-file-system "$debian/new" || return 1
    fi
    tar -C "$debian" -xf "$clean" && mkdir -p "$debian/$work" && mount -t proc proc "$debian/proc" && mount --bind "$work" "$debian/$work"
}
need "a clean Debian" clean_debian
inside() { chroot "$debian" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"; }
files() { (cd "$debian" && find . -xdev -path "./tmp" -prune -o \( -type f -o -type l \) -print | sort); }

files >"$work/before"
cp "$packages"/adit_*.deb "$debian/tmp/"
check "it is installed" inside dpkg -i "/tmp/$(cd "$packages" && echo adit_*_"$(dpkg --print-architecture)".deb)"
rm -f "$debian"/tmp/*.deb
check "nothing is said against it" same "" "$(inside dpkg --audit; inside dpkg --verify adit)"
check "its user is there" inside getent passwd adit
check "it says its version" same "adit version $(sed -n '0,/<version>/s/.*<version>\(.*\)<.*/\1/p' "$root/pom.xml")" "$(inside adit version)"

adit=$work/adit-inside
printf '#!/bin/sh\nexec chroot %s env -i PATH=/usr/bin:/bin ADIT_PATH="$ADIT_PATH" adit "$@"\n' "$debian" >"$adit"
chmod 755 "$adit"
must "a daemon starts" start_node a adit
must "a second one" start_node b adit
must "a service is offered" offer a echo echo
must "and forwarded" forward b echo "$(address a)"
check "a tunnel works" client echoed "$port" 1000000
stop_node a && stop_node b

check "it is removed" inside dpkg -r adit
check "and purged" inside dpkg -P adit
files >"$work/after"
# what dpkg and the system's list of users keep
check "nothing of it is left" same "" "$(diff "$work/before" "$work/after" | grep '^[<>]' | grep -vE '^[<>] \./(var/(lib/(dpkg|systemd)|log|cache)/|etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$|etc/\.pwd\.lock)')"
exit $failures
