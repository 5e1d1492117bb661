#!/usr/bin/env bash
# Completions in real shells. That they know the commands is a test of the program's module.
#
#   bash, zsh, fish ── completion ── an adit that answers as a daemon with one tunnel and one peer would
. "$(dirname "$0")/../lib.sh"
completions=$root/src/dist/completions
mkdir "$work/bin" "$work/home"
cat >"$work/bin/adit" <<'ADIT'
#!/bin/sh
[ "$1" = --timeout=2s ] || exit 2
shift
case "$*" in
    ls) echo "/x/ssh /ip4/127.0.0.1/tcp/2222 /p2p/12D3KooWA" ;;
    "stream ls") echo "7 /x/ssh from to" ;;
    "swarm peers") echo "/ip4/192.0.2.7/tcp/4001/p2p/12D3KooWA" ;;
    *) exit 1 ;;
esac
ADIT
chmod +x "$work/bin/adit"
export PATH=$work/bin:$PATH ADIT_PATH=$work/home

in_bash() {
    timeout 20 bash -c '. "$1/adit.bash"; compopt() { :; }; COMP_LINE=$2 COMP_POINT=${#2}; _adit; echo "${COMPREPLY[*]}"' - "$completions" "$1"
}
in_fish() {
    timeout 20 fish --no-config -c 'source $argv[1]/adit.fish; string join -- " " (complete -C $argv[2] | string replace -r "\t.*" "")' "$completions" "$1"
}
# zsh gives the whole line, the others what the last word becomes
in_zsh() { timeout 60 python3 "$here/zsh.py" "$completions" "$1" | awk '{ print $NF }'; }

for shell in bash zsh fish; do
    has "$shell" "$shell" || { lack "$shell is not there and could not be had"; continue; }
    rm -f "$work/home/api"
    [ $shell = zsh ] || check "$shell: no daemon, no tunnels, no words" same "" "$(in_$shell "adit close -p " 2>&1)"
    touch "$work/home/api"
    check "$shell: a command" same listen "$(in_$shell "adit lis")"
    check "$shell: behind p2p" same forward "$(in_$shell "adit p2p forw")"
    check "$shell: of two words" same disconnect "$(in_$shell "adit swarm disc")"
    check "$shell: an option" same --headers "$(in_$shell "adit ls --hea")"
    check "$shell: a word for an option" same debug "$(in_$shell "adit daemon --log-level d")"
    check "$shell: a setting" same Addresses.Swarm "$(in_$shell "adit config Addresses.S")"
    check "$shell: a tunnel of the daemon" same /x/ssh "$(in_$shell "adit close -p ")"
    check "$shell: a peer of it" same 12D3KooWA "$(in_$shell "adit nc /x/ssh ")"
    check "$shell: a stream of it" same 7 "$(in_$shell "adit stream close ")"
done
exit $failures
