#!/usr/bin/env bash
# SSH through a forwarder, and through `adit nc` as its ProxyCommand.
#
#   ssh ── forwarder | adit nc [b] ═══ TCP, TLS 1.3, yamux ═══ [a] listener ── sshd
. "$(dirname "$0")/../lib.sh"
need "ssh" has ssh openssh-client
need "sshd" eval '[ -x /usr/sbin/sshd ] || has sshd openssh-server'
must "sshd starts" start_sshd
must "the daemons start" start_node a adit
must "the daemons start" start_node b adit
at a listen /x/ssh "/ip4/127.0.0.1/tcp/$port" 2>/dev/null && forward b ssh "$(address a)"
user=$(id -un) proxy="env ADIT_PATH=$work/b $adit nc /x/ssh $(peer_id a)"
head -c 20000000 /dev/urandom >"$work/data"
sum=$(sha256sum <"$work/data")

check "ssh through a forwarder" same hello "$(ssh_to -p "$port" "$user@127.0.0.1" echo hello)"
check "20 MB through it and back" same "$sum" "$(ssh_to -p "$port" "$user@127.0.0.1" cat <"$work/data" | sha256sum)"
check "a remote command's exit code" same 7 "$(ssh_to -p "$port" "$user@127.0.0.1" exit 7; echo $?)"
check "ssh through adit nc" same hello "$(ssh_to -o ProxyCommand="$proxy" "$user@adit" echo hello)"
check "20 MB through it and back" same "$sum" "$(ssh_to -o ProxyCommand="$proxy" "$user@adit" cat <"$work/data" | sha256sum)"
check "a remote command's exit code" same 7 "$(ssh_to -o ProxyCommand="$proxy" "$user@adit" exit 7; echo $?)"
check "no stream is left" wait_for 10 no_streams a

offer a count run 'wc -c'
check "nc half-closes at the end of its input" same 1000000 "$(head -c 1000000 /dev/zero | at b nc /x/count "$(peer_id a)")"
offer a reset reset 100000
at b nc /x/reset "$(peer_id a)" </dev/null >/dev/null 2>"$work/nc.err"
check "nc fails when the stream is reset" same 1 $?
check "and says so" test -s "$work/nc.err"
at b nc /x/nothing "$(peer_id a)" </dev/null >/dev/null 2>"$work/nc.err"
check "nc fails for a protocol nobody listens for" same 1 $?
check "and says which" says /x/nothing "$work/nc.err"
exit $failures
