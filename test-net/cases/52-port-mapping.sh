#!/usr/bin/env bash
# Port mapping with a real router: miniupnpd beside the NAT of site a, speaking one protocol at a time. An adit behind it has its port mapped, announces
# the address, is dialled by it from a public host, and takes the mapping back at the end.
needed=miniupnpd:miniupnpd-nftables
# shellcheck source=test-net/nat/lab.sh
. "$(dirname "$(readlink -f "$0")")/../nat/lab.sh"

# gateway PROTOCOLS [LINE...]: router-a's miniupnpd, with these protocols of "pcp nat-pmp upnp" alone, and more lines of its config
gateway() {
    local pmp=no upnp=no deaf=
    [[ $1 != *pcp* && $1 != *nat-pmp* ]] || pmp=yes
    [[ $1 != *upnp* ]] || upnp=yes
    [[ $1 == *pcp* ]] || deaf+='udp dport 5351 @th,64,8 2 drop; '     # it has one switch for both; the first byte is the version
    [[ $1 == *nat-pmp* ]] || deaf+='udp dport 5351 @th,64,8 0 drop; '
    X router-a nft -f - <<END || return 1
table inet upnp
delete table inet upnp
table inet upnp {
    chain deaf {
        type filter hook input priority -10
        $deaf
    }
    chain prerouting {
        type nat hook prerouting priority -101
        jump mapped
    }
    chain mapped { }
    chain back { }
    chain passed { }
}
END
    cat >"$work/miniupnpd.conf" <<END
ext_ifname=wan
listening_ip=lan-a
enable_natpmp=$pmp
enable_upnp=$upnp
secure_mode=yes
ipv6_disable=yes
upnp_table_name=upnp
upnp_nat_table_name=upnp
upnp_forward_chain=passed
upnp_nat_chain=mapped
upnp_nat_postrouting_chain=back
uuid=6cf3ee1c-1f7b-4f2e-9d6d-3d1b8e3f2a10
$(printf '%s\n' "${@:2}")
allow 1024-65535 192.168.1.0/24 1024-65535
deny 0-65535 0.0.0.0/0 0-65535
END
    ip netns exec router-a miniupnpd -d -f "$work/miniupnpd.conf" -P "$work/miniupnpd.pid" >"$work/miniupnpd.log" 2>&1 &
    router=$!
    wait_for 10 answers $pmp $upnp
}
answers() { # its sockets are there
    { [ "$1" = no ] || X router-a ss -Hlun | grep -q ':5351 '; } && { [ "$2" = no ] || X router-a ss -Hlun | grep -q ':1900 '; }
}
no_gateway() { kill "$router" && wait_for 10 is_gone "$router"; }

# mappings COUNT: so many of adit's port
mappings() {
    X router-a nft list chain inet upnp mapped >"$work/mappings" && same "$1" "$(grep -c 'dnat.* to 192.168.1.2:4001' "$work/mappings")"
}
status_says() { at a status | grep -xF "mapped      $1"; }
failure_is() { at a status --enc=json | grep -F "$1"; }
announces() { at a id -f '<addrs>\n' | grep "^$1/p2p/"; }
asked() { X router-a nft list counter inet seen asked | grep "packets $1 "; }
outside() { at s1 swarm connect "$1/p2p/$(peer_id a)"; }
inside_adit() { within a make_node a adit && set_config a Addresses.Swarm '["/ip4/0.0.0.0/tcp/4001"]' Routing.Type '"none"' "$@"; }

must "the lab opens" open_lab
must "and a site behind a NAT" sites cone none
must "an adit is made on a public host" within s1 make_node s1 adit
set_config s1 Addresses.Swarm "[\"/ip4/${public[s1]}/tcp/4001\"]" Routing.Type '"none"'
must "it starts" within s1 start_node s1
must "one is made behind the NAT" inside_adit
there=/ip4/${public[a]}/tcp/4001

# proves MEANS PROTOCOLS [LINE...]
proves() {
    must "a router that speaks $1" gateway "$2" "${@:3}"
    must "adit starts behind it" within a start_node a
    check "$1: the port is mapped, status says so" wait_for 30 status_says "$there to port 4001 by 192.168.1.1 (${1%,*})"
    check "$1: the router has the mapping" mappings 1
    check "$1: the address is announced" announces "$there"
    check "$1: a public host dials it" outside "$there"
    check "$1: adit ends within 10 s" eval 'kill "$(pid_of a)" && wait_for 10 is_gone "$(pid_of a)"'
    check "$1: the mapping is gone with it" mappings 0
    no_gateway
}
must "adit starts behind a NAT that maps nothing" within a start_node a
check "no mapping, no dial" eval '! outside "$there"'
check "what the router does not speak is told" wait_for 30 failure_is "port 4001 is not mapped by 192.168.1.1: PCP: not spoken there; NAT-PMP: not spoken there; UPnP: no device"
stop_node a
proves "PCP" pcp
proves "NAT-PMP" nat-pmp
proves "UPnP" upnp
proves "UPnP, version 1" upnp force_igd_desc_v1=yes

must "a router with all protocols" gateway "pcp nat-pmp upnp"
must "adit starts behind it" within a start_node a
check "PCP comes first" wait_for 30 status_says "$there to port 4001 by 192.168.1.1 (PCP)"
stop_node a
no_gateway

must "a site behind two NATs" sites double none
must "the inner router speaks all protocols" gateway "pcp nat-pmp upnp"
must "adit starts behind it" within a start_node a
check "what it refuses is told" wait_for 30 failure_is "port 4001 is not mapped by 192.168.1.1: PCP: refused"
check "nothing is announced but what is there" same /ip4/192.168.1.2/tcp/4001 "$(at a id -f '<addrs>\n' | grep -v 127.0.0.1 | sed 's|/p2p/.*||')"
stop_node a
no_gateway

must "the first site again" sites cone none
set_config a Swarm.DisableNatPortMap true
must "a router with all protocols" gateway "pcp nat-pmp upnp"
X router-a nft -f - <<'END'
table inet seen {
    counter asked { }
    chain input {
        type filter hook input priority -20
        iifname != wan meta l4proto udp counter name asked
    }
}
END
must "adit starts with Swarm.DisableNatPortMap" within a start_node a
check "it asks for nothing" asked 0
X a bash -c 'echo >/dev/udp/192.168.1.1/5351'
check "which would have been seen" asked 1
stop_node a
exit $failures
