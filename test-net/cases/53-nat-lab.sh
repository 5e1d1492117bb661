#!/usr/bin/env bash
# The lab of the NAT cases itself: each kind of router maps ports and filters as its name says, seen from hosts on both sides, for TCP and UDP.
# shellcheck source=test-net/nat/lab.sh
. "$(dirname "$(readlink -f "$0")")/../nat/lab.sh"

probe() { X "$1" timeout 30 python3 "$here/nat/probe.py" "${@:2}"; }

# both TCP UDP: what probe.py says of each site's router
both() {
    tried=$((tried + 10)) # a port anew: servers may still hold connections of a host that is gone
    ip netns exec a timeout 30 python3 "$here/nat/probe.py" kind $tried "${public[s1]}" "${public[s2]}" >"$work/kind-a" &
    local other=$!
    probe b kind $tried "${public[s1]}" "${public[s2]}" >"$work/kind-b"
    wait $other
    same "tcp $1"$'\n'"udp $2" "$(cat "$work/kind-a")" && same "tcp $1"$'\n'"udp $2" "$(cat "$work/kind-b")"
}
tried=5000

# punches yes|no KIND KIND: two hosts connect to each other at the same time, each to where a server sees the other
punches() {
    local wanted=punched at
    [ "$1" = yes ] || wanted="not punched"
    sites "$2" "$3" || return 1
    at=$(($(date +%s) + 1))
    ip netns exec a timeout 20 python3 "$here/nat/probe.py" punch 6000 "${public[b]}" 6000 $at >"$work/punch-a" &
    local other=$!
    probe b punch 6000 "${public[a]}" 6000 $at >"$work/punch-b"
    wait $other
    same "$wanted $wanted" "$(cat "$work/punch-a") $(cat "$work/punch-b")"
}

within_ms() { [ "$1" -ge "$2" ] && [ "$1" -le "$3" ] || { echo "$1 ms; wanted $2 to $3"; return 1; }; }
must "the lab opens" open_lab
for server in s1 s2; do
    ip netns exec $server python3 "$here/nat/probe.py" server "${public[$server]}" &
done
must "the sites open" sites none none
must "the servers answer" wait_for 10 probe a trip "${public[s2]}"
check "no NAT" both "same open open" "same open open"
sites full full && check "full cone" both "same open open" "same open open"
sites restricted restricted && check "restricted cone" both "same open silent" "same open silent"
sites cone cone && check "port-restricted cone" both "same silent silent" "same silent silent"
sites symmetric symmetric && check "symmetric" both "different silent silent" "different silent silent"
sites double double && check "a cone in a cone" both "same silent silent" "same silent silent"
check "it is two routers deep" eval '[ "$(X carrier-a conntrack -L 2>/dev/null | grep -c 100.64.81.2)" -gt 0 ]'
sites firewall firewall && check "a firewall" both "same refused refused" "same silent silent"
sites shared shared && check "both behind one NAT" both "same silent silent" "same silent silent"
ip netns exec b python3 "$here/nat/probe.py" server 0.0.0.0 &
must "a server starts behind it" wait_for 10 probe b trip 127.0.0.1
check "which does not turn packets around" eval '! probe a trip ${public[b]} && ! probe a trip ${public[a]}'
check "nor join its networks" eval '! probe a trip 192.168.2.2'
check "two cones can be punched" punches yes cone cone
check "two symmetric NATs cannot" punches no symmetric symmetric
sites none none
ip netns exec b python3 "$here/nat/probe.py" server 0.0.0.0 &
must "a server starts on a public host" wait_for 10 probe b trip 127.0.0.1
check "70 ms from site to site and back" eval 'within_ms "$(probe a trip 93.20.0.2)" 70 90'
exit $failures
