# What packaging for aarch64 needs on another machine, from Debian, into a folder that is kept: the JDK's modules, and qemu to run them.
# POSIX sh; source it. Needs apt-get and dpkg-deb, no rights.

# get_arm64 FOLDER: fills it unless that has been done; then there are FOLDER/jmods, FOLDER/qemu and, for qemu's -L, FOLDER/root
get_arm64() (
    [ ! -f "$1/.complete" ] || exit 0
    echo "getting Debian's Java 25 for arm64, and qemu" >&2
    rm -rf "$1"
    mkdir -p "$1/debs" "$1/root" "$1/unpacked"
    cd "$1/debs"
    fetch arm64 openjdk-25-jdk-headless libc6 zlib1g libgcc-s1 libstdc++6
    fetch amd64 qemu-user
    for deb in libc6 zlib1g libgcc-s1 libstdc++6; do
        dpkg-deb -x "$deb"_*.deb "$1/root"
    done
    [ -e "$1/root/lib" ] || ln -s usr/lib "$1/root/lib"
    unpack openjdk-25-jdk-headless '*/jmods/java.*' '*/jmods/jdk.net.jmod' '*/jmods/jdk.unsupported.jmod'
    unpack qemu-user ./usr/bin/qemu-aarch64
    mv "$1"/unpacked/usr/lib/jvm/*/jmods "$1/jmods"
    mv "$1/unpacked/usr/bin/qemu-aarch64" "$1/qemu"
    cd "$1"
    rm -rf debs unpacked apt
    touch .complete
)

# unpack PACKAGE PATTERN...: of its files those into the folder beside
unpack() {
    deb=$1
    shift
    dpkg-deb --fsys-tarfile "$deb"_*.deb | tar -x -C ../unpacked --wildcards "$@"
}

# fetch ARCHITECTURE PACKAGE...: the packages of Debian 13, by an apt of its own, into the current folder
fetch() {
    apt=$PWD/../apt/$1
    mkdir -p "$apt/etc/apt/preferences.d" "$apt/etc/apt/apt.conf.d" "$apt/var/lib/apt/lists/partial" "$apt/var/cache/apt/archives/partial" "$apt/var/lib/dpkg"
    : >"$apt/var/lib/dpkg/status"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg arch=$1] http://deb.debian.org/debian trixie main" >"$apt/etc/apt/sources.list"
    architecture=$1
    shift
    for words in update "download $*"; do
        # shellcheck disable=SC2086 # words
        apt-get -q -o Dir="$apt" -o Dir::State::status="$apt/var/lib/dpkg/status" -o APT::Architecture="$architecture" \
            -o APT::Architectures="$architecture" -o APT::Sandbox::User="$(id -un)" $words >>"$PWD/../apt/log" 2>&1 || { tail "$PWD/../apt/log" >&2; exit 1; }
    done
}
