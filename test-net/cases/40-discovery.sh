#!/usr/bin/env bash
# Peers whose address nobody typed: names of the DNS, bootstrap nodes, peers of the last run.
#
#   client ── forwarder [a] ── TXT of _dnsaddr.NAME ── [dns.py]
#                        └═══ TCP, TLS 1.3, yamux ═══ [b] listener ── service
. "$(dirname "$0")/../lib.sh"

python3 "$here/dns.py" "$work/dns.port" "$work/dns.txt" >"$work/dns.log" 2>&1 &
must "the name server starts" wait_for 10 test -s "$work/dns.port"
must "a daemon starts" start_node b adit
cat >"$work/dns.txt" <<END
_dnsaddr.boot.test dnsaddr=/dnsaddr/b.test/p2p/$(peer_id b)
_dnsaddr.b.test dnsaddr=/ip4/127.0.0.1/udp/9/quic-v1/p2p/$(peer_id b)
_dnsaddr.b.test dnsaddr=$(address b)
END

make_node a adit
at a config DNS.Resolver "/ip4/127.0.0.1/udp/$(cat "$work/dns.port")" 2>/dev/null
must "another starts, with that name server" start_node a adit
check "swarm connect /dnsaddr/NAME/p2p/ID connects, by way of a second name" same "connect $(peer_id b) success" \
    "$(at a swarm connect "/dnsaddr/boot.test/p2p/$(peer_id b)" 2>&1)"
at a swarm disconnect "$(peer_id b)" >/dev/null
check "so does /dnsaddr/NAME alone" same "connect $(peer_id b) success" "$(at a swarm connect /dnsaddr/boot.test 2>&1)"
echo "_dnsaddr.two.test dnsaddr=/dnsaddr/b.test/p2p/$(peer_id b)
_dnsaddr.two.test dnsaddr=/ip4/127.0.0.1/tcp/1/p2p/QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ" >>"$work/dns.txt"
at a ping -n 1 /dnsaddr/two.test >"$work/two.log" 2>&1
check "a name of two peers is refused, and both are named" says "name the one you mean: /dnsaddr/two.test/p2p/$(peer_id b), /dnsaddr/two.test/p2p/Qm" "$work/two.log"
at a swarm disconnect "$(peer_id b)" >/dev/null
stop_node a
start_node a adit
at a swarm connect "/dnsaddr/none.test/p2p/$(peer_id b)" >"$work/none.log" 2>&1
check "a name that does not exist is told" says "there is no name _dnsaddr.none.test" "$work/none.log"
offer b digest digest
forward a digest "/dnsaddr/boot.test/p2p/$(peer_id b)"
check "forward to /dnsaddr/NAME/p2p/ID carries a tunnel" client digest "$port" 1000000
forward a digest /dnsaddr/boot.test
check "forward to /dnsaddr/NAME carries a tunnel" client digest "$port" 1000000

connected_to() { at "$1" swarm peers | grep -q "$2"; }
make_node c adit
at c config DNS.Resolver "/ip4/127.0.0.1/udp/$(cat "$work/dns.port")" 2>/dev/null
at c bootstrap add "/dnsaddr/boot.test/p2p/$(peer_id b)" /ip4/127.0.0.1/tcp/1/p2p/QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ >/dev/null
must "a daemon with bootstrap nodes starts" start_node c
check "the bootstrap node that lives is connected" wait_for 20 connected_to c "$(peer_id b)"
check "the one that is dead is told" logs c "1 of 2 bootstrap nodes cannot be reached, going on with the others"
check "and shown" eval 'at c status | grep "^bootstrap   1 of 2 nodes cannot be reached$"'
if "$here/install-kubo" >"$work/install-kubo.log" 2>&1; then
    make_node k kubo && at k config --json Bootstrap '[]'
    must "Kubo starts" start_node k
    check "a bootstrap node that is added while the daemon runs is connected at once: Kubo" \
        eval 'at c bootstrap add "$(address k)" && wait_for 10 connected_to c "$(peer_id k)"'
    check "Kubo bootstraps from adit" eval 'at k bootstrap add "$(address b)" && wait_for 60 connected_to k "$(peer_id b)"'
else
    lack "Kubo is not there"
fi

# a restart: no bootstrap node, no address given
must "a forwarder reaches b" eval 'forward c digest "$(address b)" && client digest "$port" 1000'
at c bootstrap rm --all >/dev/null
stop_node c
must "c starts again, without bootstrap nodes" start_node c
forward c digest "/p2p/$(peer_id b)"
check "after a restart the peer is reached by its id alone" client digest "$port" 1000000
stop_node c
echo '{"Peers":[{"ID"' >"$work/c/peers.json"
must "c starts with a broken peers.json" start_node c
check "a broken peers.json is told and ignored" logs c "peers.json is ignored"
exit $failures
