#!/usr/bin/env bash
# The tarball: equal from equal sources, works where it is unpacked, and with it what works without.
. "$(dirname "$0")/../lib.sh"
. "$here/package.sh"
machine=$(uname -m)

must "a package is made" make_packages "$machine"
# the sources alone, elsewhere, by somebody with other habits
again() {
    mkdir "$work/sources" && (cd "$root" && git ls-files -z --cached --others --exclude-standard | tar -c --null --no-unquote -T - | tar -x -C "$work/sources") &&
        (umask 077 && cd "$work/sources" && SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct) TZ=Asia/Tokyo tools/package "$work/again")
}
check "and once more from a copy of the sources" again
for file in "$packages"/adit-*-"$machine".tar.gz "$packages"/adit_*_"$(dpkg --print-architecture)".deb; do
    check "equal bytes: $(basename "$file")" cmp "$file" "$work/again/$(basename "$file")"
done
rm -rf "$work/sources" "$work/again"

must "it is unpacked" installed "$machine"
check "another name of it works" eval 'ln -s "$adit" "$work/name" && env -i PATH=/usr/bin:/bin "$work/name" version'
check "from its own folder" eval 'cd "$(dirname "$adit")" && env -i PATH=/usr/bin:/bin ./adit version'
check "every class comes from the archive that makes it start fast" same 0 \
    "$(ADIT_JAVA_OPTIONS=-Xlog:class+load:"$work/loaded" "$adit" version >/dev/null; grep -c 'adit.*source: file' "$work/loaded")"
check "the archive of classes fits the daemon's JVM, which says nothing of it" same "" "$("$adit" daemon --help 2>&1 >/dev/null)"
check "licences are in it" eval 'ls "$(dirname "$adit")/../lib/adit/runtime/legal/java.base/LICENSE" "$(dirname "$adit")/../share/doc/adit/copyright"'
check "the demo" env -i PATH=/usr/bin:/bin HOME="$work" "$adit" demo --size 32
for case in 10-tunnel 14-control; do
    check "case $case, with the adit of the package" env ADIT="$adit" "$here/cases/$case.sh"
done
exit $failures
