#!/usr/bin/env bash
# The package for aarch64, run by qemu: what a Raspberry Pi gets works. Takes four minutes, so with --long only.
. "$(dirname "$0")/../lib.sh"
[ -n "${LONG:-}" ] || { skip "made and run with --long only"; exit 0; }
. "$here/package.sh"
need "apt-get, for Debian's Java for arm64" has apt-get apt

must "a package is made" make_packages aarch64
must "it is unpacked" installed aarch64
# a java of the same name that is run by qemu; jspawnhelper could not be run by another program
bin=$(dirname "$adit")/../lib/adit/runtime/bin
mv "$bin/java" "$bin/java.aarch64"
printf '#!/bin/sh\nexec "%s" -L "%s" "%s" "$@"\n' "$cache/arm64/qemu" "$cache/arm64/root" "$(readlink -f "$bin")/java.aarch64" >"$bin/java"
chmod 755 "$bin/java"
export ADIT_JAVA_OPTIONS=-Djdk.lang.Process.launchMechanism=FORK
check "it is for aarch64" eval '"$adit" version --enc=json | grep aarch64'
check "its classes come from the archive, too" eval \
    'ADIT_JAVA_OPTIONS=-Xlog:class+load:$work/loaded "$adit" version && [ "$(grep -c "shared objects file" "$work/loaded")" -gt 400 ]'
check "the demo: a tunnel between two daemons" timeout 300 "$adit" demo --size 4
check "the package is at most 30 MB" test "$(stat -c %s "$packages"/adit_*_arm64.deb)" -le 30000000
exit $failures
