# A lab of NATs in network namespaces, without root: two sites behind routers, public hosts, and distance between them. bash; source it as the first
# thing of a script, which then runs in the lab; everything is gone when the script ends. lib.sh is sourced along.
#
#   [a] 192.168.1.2 ── [router-a] 81.10.0.1 ══ 20 ms each way ══╗
#                                                             core ── [relay] 45.30.0.1, [relay2] 46.31.0.1, [s1] 51.41.0.1 … [s4] 88.44.0.1
#   [b] 192.168.2.2 ── [router-b] 93.20.0.1 ══ 15 ms each way ══╝
#
# The addresses look public, each in a /16 of its own: go-libp2p and adit punch to no others, and believe an address that several networks have seen.
#
# $needed may name more programs, PROGRAM:PACKAGE.
#
# The kinds of a site, in the words of RFC 3489 and of RFC 4787 (mapping, filtering):
#   none        no NAT: the host is 81.10.0.2 (93.20.0.2) and whoever wants may connect
#   full        full cone: endpoint-independent, endpoint-independent
#   restricted  restricted cone: endpoint-independent, address-dependent
#   cone        port-restricted cone, as at most homes: endpoint-independent, address and port-dependent
#   symmetric   address and port-dependent, address and port-dependent; the ports are random
#   double      a home's cone in a carrier's cone (CGNAT)
#   firewall    no NAT, but what comes unasked is answered with a RST
#   shared      both sites behind the one router of a, a cone that neither turns packets around (hairpin) nor joins its two networks
if [ "${1-}" != in-the-lab ]; then
    . "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../lib.sh"
    PATH=$PATH:/usr/sbin:/sbin
    has unshare util-linux && unshare -Urnm -pf --mount-proc true 2>/dev/null || { lack "network namespaces are not allowed here"; exit $failures; }
    need "ip" has ip iproute2
    need "nft" has nft nftables
    need "conntrack" has conntrack conntrack
    need "ethtool" has ethtool ethtool
    need "gcc" has gcc gcc
    need "curl" has curl curl
    for program in ${needed-}; do need "${program%:*}" has "${program%:*}" "${program#*:}"; done
    need "Kubo" "$here/install-kubo"
    rm -rf "$work"
    exec unshare -Urnm -pf --kill-child=SIGKILL --mount-proc bash "$0" in-the-lab "$@"
fi
shift
mount -t tmpfs tmpfs /run
[ -n "${KEEP:-}" ] || export TMPDIR=/run # gone with the lab, however that ends
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../lib.sh"

servers="s1 s2 s3 s4"
declare -A public=([relay]=45.30.0.1 [relay2]=46.31.0.1 [s1]=51.41.0.1 [s2]=62.42.0.1 [s3]=77.43.0.1 [s4]=88.44.0.1 [a]=81.10.0.1 [b]=93.20.0.1)
declare -A distance=([a]=20 [b]=15) # ms each way
declare -A subnet=([a]=192.168.1 [b]=192.168.2)
declare -A inner                    # the address of the host itself
declare -A switch                   # site: the process that delays its packets

# X NAMESPACE PROGRAM ARGUMENT...: runs it there. In the background write `ip netns exec …`: $! would be a shell's.
X() { ip netns exec "$@"; }

# within NAMESPACE FUNCTION ARGUMENT...: a function of lib.sh; the nodes, services and clients that it starts run there
within() {
    local far=(ip netns exec "$1")
    "${@:2}"
}

namespace() {
    ip netns add "$1" && ip -n "$1" link set lo up && X "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
}

# wire NAMESPACE INTERFACE NAMESPACE INTERFACE: without offloads, so that a frame is what it would be on a real one
wire() {
    ip link add "$2" netns "$1" type veth peer name "$4" netns "$3" || return 1
    local end
    for end in "$1 $2" "$3 $4"; do
        ip -n "${end% *}" link set "${end#* }" up && X "${end% *}" ethtool -K "${end#* }" tx off tso off gso off gro off >/dev/null 2>&1 || return 1
    done
}

# uplink NAMESPACE ADDRESS [DELAY]: its interface wan in the middle of the lab, which is one link: everybody there is a neighbour
uplink() {
    local port=port-$1
    wire "$1" wan core "$port" || return 1
    if [ -n "${3-}" ]; then
        wire core "near-$1" core "far-$1" && ip -n core link set "near-$1" master middle || return 1
        start_switch "$1" "$3" || return 1
    else
        ip -n core link set "$port" master middle || return 1
    fi
    # a router made anew is the same to its neighbours
    # shellcheck disable=SC2086 # four numbers
    ip -n "$1" link set wan address "$(printf '02:00:%02x:%02x:%02x:%02x' ${2//./ })" && ip -n "$1" addr add "$2/32" dev wan \
        && ip -n "$1" route add default dev wan src "$2"
}

start_switch() { # NAMESPACE DELAY
    ip netns exec core "$work/switch" "port-$1" "far-$1" "delay=$2" >"$work/switch-$1" 2>&1 &
    switch[${1#*-}]=$!
    wait_for 5 grep -q ready "$work/switch-$1"
}

# open_lab: the middle and the public hosts, no sites yet
open_lab() {
    gcc -O2 -o "$work/switch" "$here/bench/switch.c" && namespace core && ip -n core link add middle type bridge \
        && ip -n core link set middle up || return 1
    local name
    for name in relay relay2 $servers; do
        namespace "$name" && uplink "$name" "${public[$name]}" || return 1
    done
    for name in relay relay2; do count_sites "$name" || return 1; done
}

# count_sites HOST: it counts the bytes that come from the sites
count_sites() {
    X "$1" nft -f - <<END
table inet seen {
    counter sites { }
    chain input {
        type filter hook input priority 0
        ip saddr { ${public[a]%.*.*}.0.0/16, ${public[b]%.*.*}.0.0/16 } counter name sites
    }
}
END
}

# relayed_bytes: how many have come to both relays from the sites, to be passed on or for themselves
relayed_bytes() {
    local name
    for name in relay relay2; do X "$name" nft list counter inet seen sites; done | awk '/bytes/ { sum += $4 } END { print sum }'
}

# sites KIND KIND: new ones; routers and their memory, the hosts a and b, everything but what still runs there
sites() {
    close_site a
    close_site b
    [ "$1" = shared ] || [ "$2" != shared ] || { echo "shared goes with shared alone" >&2; return 2; }
    open_site a "$1" && open_site b "$2"
}

# new_sites KIND KIND: the same at addresses that no sites had before: nobody looks there for the nodes of those
sites_made=0
new_sites() {
    sites_made=$((sites_made % 250 + 1))
    public[a]=81.10.$sites_made.1 public[b]=93.20.$sites_made.1
    sites "$1" "$2"
}

close_site() {
    [ -z "${switch[$1]-}" ] || { kill "${switch[$1]}"; wait "${switch[$1]}"; } 2>/dev/null
    switch[$1]=
    local name
    for name in "$1" "router-$1" "carrier-$1"; do
        [ ! -e "/run/netns/$name" ] || ip netns del "$name"
        # the kernel takes its time to tidy up; these names are wanted again at once
        ip -n core link del "near-$name" 2>/dev/null
        ip -n core link del "port-$name" 2>/dev/null
    done
    return 0
}

open_site() { # SITE KIND
    local site=$1 kind=$2 address=${public[$1]} router=router-$1 lan=${subnet[$1]}
    namespace "$site" || return 1
    if [ "$site $kind" = "b shared" ]; then
        join_lan b router-a && route "$site" "$lan.2"
        return
    fi
    namespace "$router" && X "$router" sysctl -qw net.ipv4.ip_forward=1 || return 1
    case $kind in
        double) open_carrier "$site" && translate "$router" cone "100.64.${address%%.*}.2" && join_lan "$site" "$router" && route "$site" "$lan.2" ;;
        none|firewall)
            uplink "$router" "$address" "${distance[$site]}" && join_lan "$site" "$router" && route "$site" "${address%.*}.2" \
                && ip -n "$router" route add "${address%.*}.2/32" dev "lan-$site" \
                && X "$router" sysctl -qw net.ipv4.conf.wan.proxy_arp=1 net.ipv4.neigh.wan.proxy_delay=0 \
                && guard "$router" "$kind" ;;
        *)
            uplink "$router" "$address" "${distance[$site]}" && translate "$router" "$kind" "$address" && join_lan "$site" "$router" \
                && route "$site" "$lan.2" ;;
    esac
}

join_lan() { # SITE ROUTER
    wire "$1" eth0 "$2" "lan-$1" && ip -n "$2" addr add "${subnet[$1]}.1/24" dev "lan-$1"
}

route() { # SITE ADDRESS
    inner[$1]=$2
    plug "$1"
}

# plug, unplug SITE: its host gets an address and a way out, or has neither any more
plug() {
    local gateway=${subnet[$1]}.1 address=${inner[$1]}
    ip -n "$1" link set eth0 up && ip -n "$1" addr add "$address/32" dev eth0 && ip -n "$1" route add "$gateway" dev eth0 src "$address" \
        && ip -n "$1" route add default via "$gateway" src "$address"
}
unplug() { ip -n "$1" addr flush dev eth0 && ip -n "$1" link set eth0 down; }

# open_carrier SITE: the carrier's router, in front of the site's own
open_carrier() {
    local carrier=carrier-$1 inside=100.64.${public[$1]%%.*}
    namespace "$carrier" && X "$carrier" sysctl -qw net.ipv4.ip_forward=1 \
        && uplink "$carrier" "${public[$1]}" "${distance[$1]}" && translate "$carrier" cone "${public[$1]}" \
        && wire "router-$1" wan "$carrier" "lan-$1" && ip -n "$carrier" addr add "$inside.1/24" dev "lan-$1" \
        && ip -n "router-$1" addr add "$inside.2/24" dev wan && ip -n "router-$1" route add default via "$inside.1"
}

# translate ROUTER KIND ADDRESS: NAT on its way out of wan. The kernel's own keeps the port and lets in what answers: a port-restricted cone.
# The wider cones remember who has which port, and to whom it has sent, and direct what comes unasked there.
translate() {
    local how=masquerade in='' direct="meta l4proto { tcp, udp } dnat ip to meta l4proto . th dport map @mapped"
    case $2 in
        full) in="iifname wan $direct" ;;
        restricted) in="iifname wan meta l4proto . th dport . ip saddr @talked $direct" ;;
        symmetric) how="masquerade fully-random" ;;
    esac
    X "$1" nft -f - <<END
table ip nat {
    map mapped { type inet_proto . inet_service : ipv4_addr . inet_service; flags dynamic, timeout; timeout 2m; }
    set talked { type inet_proto . inet_service . ipv4_addr; flags dynamic, timeout; timeout 2m; }
    chain out {
        type nat hook postrouting priority srcnat
        oifname wan $how
    }
    chain in {
        type nat hook prerouting priority dstnat
        $in
    }
    chain remember {
        type filter hook postrouting priority 300
        oifname wan ct direction original meta l4proto { tcp, udp } update @talked { meta l4proto . th sport . ip daddr } \
            update @mapped { meta l4proto . th sport : ct original ip saddr . ct original proto-src }
    }
}
table inet filter {
    chain input {
        type filter hook input priority 0
        iifname wan ct state new drop
        iifname != wan ip daddr $3 drop
    }
    chain forward {
        type filter hook forward priority 0
        oifname wan ip daddr { 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 } drop
        oifname != wan iifname != wan drop
        ct state invalid drop
        iifname wan ct state new ct status & dnat == 0 drop
    }
}
END
}

# guard ROUTER none|firewall: what may come in to a host with a public address
guard() {
    local unasked=
    [ "$2" != firewall ] || unasked="iifname wan ct state new meta l4proto tcp reject with tcp reset; iifname wan ct state new reject"
    X "$1" nft -f - <<END
table inet filter {
    chain input {
        type filter hook input priority 0
        iifname wan ct state new drop
    }
    chain forward {
        type filter hook forward priority 0
        oifname wan ip daddr { 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 } drop
        $unasked
    }
}
END
}

# forget SITE: its router loses every mapping, as one that was switched off and on, and takes no connection for an old one that goes on
forget() {
    X "router-$1" sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0
    X "router-$1" conntrack -F 2>/dev/null
    X "router-$1" nft flush map ip nat mapped && X "router-$1" nft flush set ip nat talked
}

# renumber SITE ADDRESS: its router gets another address from its provider
renumber() {
    local wan=(dev wan src "$2")
    ip -n "router-$1" addr flush dev wan && ip -n "router-$1" addr add "$2/32" dev wan && ip -n "router-$1" route replace default "${wan[@]}" && forget "$1"
}
