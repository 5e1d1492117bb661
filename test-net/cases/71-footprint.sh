#!/usr/bin/env bash
# Size, memory and start-up are what docs/footprint.md says, or at most a fifth over it.
. "$(dirname "$0")/../lib.sh"
. "$here/package.sh"
. "$root/tools/lib.sh"
machine=$(uname -m)

must "a package is made" make_packages "$machine"
must "it is unpacked" installed "$machine"
must "it is measured" eval 'python3 "$here/footprint.py" "$adit" "$(find_java_home)/bin/java" "$work" >"$work/figures"'
# published NAME: the figure in the line that ends with <!-- NAME -->
published() { sed -n "s/^|[^|]*| *\([0-9.]*\).*<!-- $1 -->.*/\1/p" "$root/docs/footprint.md"; }
within() { awk -v is="$2" -v was="$(published "$1")" 'BEGIN { print "measured " is ", published " was; exit !(was > 0 && is <= 1.2 * was) }'; }
while read -r name value; do
    check "$name is $value, published: $(published "$name")" within "$name" "$value"
done <"$work/figures"
for file in "$packages"/adit-*-"$machine".tar.gz "$packages"/adit_*_"$(dpkg --print-architecture)".deb; do
    check "$(basename "$file") is at most 30 MB" test "$(stat -c %s "$file")" -le 30000000
done
check "all six were measured" same 6 "$(wc -l <"$work/figures")"
exit $failures
