#!/usr/bin/env bash
# Prints what the figures of tools/bench depend on, as lines NAME TAB TEXT.
root=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
. "$root/tools/lib.sh"
line() { [ -z "$2" ] || printf '%s\t%s\n' "$1" "$2"; }
line date "$(date -u +%F)"
line machine "$(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) cores, $(awk '/MemTotal/ { printf "%d", $2 / 1048576 + 0.5 }' /proc/meminfo) GB"
line system "$(. /etc/os-release && echo "$PRETTY_NAME"), Linux $(uname -r | cut -d - -f 1)"
line adit "$(git -C "$root" describe --always 2>/dev/null)"
line java "$("$(find_java_home)/bin/java" -version 2>&1 | sed -n 2p)"
ipfs=${XDG_CACHE_HOME:-$HOME/.cache}/adit/kubo/bin/ipfs
[ ! -x "$ipfs" ] || line kubo "$("$ipfs" version -n)"
line ssh "$(ssh -V 2>&1 | cut -d , -f 1)"
