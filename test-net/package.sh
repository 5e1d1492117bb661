# Packages for the cases that need them, made once. bash; source it after lib.sh.
packages=$root/build/package

# make_packages ARCH: in $packages, unless they are newer than what they are made of
make_packages() {
    "$root/tools/build" && { [ "$packages/$1-deb.log" -nt "$root/build/lib/.built" ] && [ "$packages/$1-deb.log" -nt "$root/tools/package" ] ||
        "$root/tools/package" --arch "$1"; }
}

# installed ARCH: unpacks the tarball in $work; the program is then $adit
installed() {
    mkdir -p "$work/unpacked" && tar -xzf "$packages"/adit-*-linux-"$1".tar.gz -C "$work/unpacked" && adit=$(echo "$work"/unpacked/*/bin/adit)
}
