#!/usr/bin/env bash
# Pairing of two machines behind NATs that cannot be punched: the code leads through a relay, and so does the tunnel that it makes.
#
#   client ── forwarder [b], accepts ── symmetric NAT ══ [relay, a Kubo with its limits, then an adit] ══ symmetric NAT ── [a] listener, invites ── service
# shellcheck source=test-net/nat/lab.sh
. "$(dirname "$(readlink -f "$0")")/../nat/lab.sh"
. "$here/nat/nodes.sh"

# behind_nat SITE: an adit that knows of nobody but the relay
behind_nat() {
    implementations[$1]=adit
    remove_node "$1"
    within "$1" make_node "$1" adit && set_config "$1" Addresses.Swarm '["/ip4/0.0.0.0/tcp/4001"]' Routing.Type '"none"' \
        Swarm.RelayClient.StaticRelays "[\"$(address_at "$relay")\"]" Internal.Libp2pForceReachability '"private"'
}
reserved() { told "$1" id | grep -q "/p2p-circuit"; }
is_path() { same "$1" "$(path b a)"; }
relayed_only() { at b swarm peers | grep -F "${ids[a]}" | tee "$work/peers" | grep -qv /p2p-circuit && { cat "$work/peers"; return 1; }; grep -q /p2p-circuit "$work/peers"; }

# invited LOG [TARGET]: an invitation of a's to /x/digest that goes on; its code is then in $code
invited() {
    at_back a "$1" invite /x/digest "${@:2}"
    inviting=$!
    wait_for 30 grep -q '^adit-' "$1" || { cat "$1"; return 1; }
    code=$(grep -m 1 -o 'adit-[a-z2-7]*' "$1")
}
forwarder_port() { at b p2p ls | awk '$1 == "/x/digest" && $3 ~ /^\/p2p\// {split($2, part, "/"); print part[5]}'; }
digested() { within b client digest "$port" 20000; }

must "the lab opens" open_lab
must "two sites that cannot be punched" sites symmetric symmetric
for relay in relay relay2; do
    kind=$([ $relay = relay ] && echo kubo || echo adit)
    must "a relay starts, $kind" start_relay $relay $kind
    must "two nodes start behind NATs" eval 'behind_nat a && behind_nat b && start_site_nodes'
    must "whoever invites has a reservation" wait_for 60 reserved a
    must "a service starts" within a service "digest-$kind" digest
    must "a listener is made and an invitation to it" invited "$work/invite-$kind" "/ip4/127.0.0.1/tcp/$port"
    check "the code is accepted, through $kind" at b accept "$code" /ip4/127.0.0.1/tcp/0
    check "the invitation ends with who it was" eval 'wait_for 10 is_gone $inviting && says "${ids[b]} may use /x/digest" "$work/invite-$kind"'
    check "there is no connection but the relayed one" relayed_only
    port=$(forwarder_port)
    check "the tunnel carries" digested
done
must "another invitation" invited "$work/again"
guess=$(python3 "$here/qr.py" guess <<<"$code")
check "a wrong guess is refused" eval '! at b accept "$guess" /ip4/127.0.0.1/tcp/0 2>"$work/guess" && says "not the one that was shown" "$work/guess"'
check "and burns the code" eval '! at b accept "$code" /ip4/127.0.0.1/tcp/0'
must "the daemons crash" eval 'kill_node a; kill_node b; start_site_nodes'
check "grant and forwarder are there again, with nothing but what was saved" eval 'port=$(forwarder_port) && wait_for 90 digested'
check "over the relay, again" relayed_only
exit $failures
