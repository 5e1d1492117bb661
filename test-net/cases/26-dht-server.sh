#!/usr/bin/env bash
# An adit as the only DHT server: what one Kubo tells it, another learns from it.
#
#   one [Kubo, dhtclient] ═══ server [adit] ═══ other [Kubo, dhtclient]
. "$(dirname "$0")/../lib.sh"
need "Kubo" "$here/install-kubo"

# join NODE adit|kubo TYPE: starts a node with that Routing.Type in the local network, which here is loopback
join() {
    local node=$1 kind=$2
    mkdir -m 700 "$work/$node" && "make_$kind" "$node" tls >"$work/$node/made.log" 2>&1 || { cat "$work/$node/made.log"; return 1; }
    at "$node" config Routing.Type "$3" && at "$node" config --json Routing.LoopbackAddressesOnLanDHT true || return 1
    if [ -n "${server:-}" ]; then at "$node" config --json Bootstrap "[\"$server\"]" || return 1; fi
    start_node "$node" "$kind"
}

must "the server starts" join server adit auto
server=$(address server)
must "one Kubo starts" join one kubo dhtclient
must "another Kubo starts" join other kubo dhtclient
meets() { at "$1" swarm peers | grep -qF "$(peer_id server)"; }
must "one meets the server" wait_for 20 meets one
must "the other meets the server" wait_for 20 meets other

content=$(echo "something to provide $RANDOM" | at one add -q --only-hash=false)
provides() { timeout 20 env IPFS_PATH="$work/one" "$ipfs" routing provide "$content"; }
learns() { timeout 20 env IPFS_PATH="$work/other" "$ipfs" routing findprovs -n 1 "$content" | grep -qF "$(peer_id one)"; }
check "Kubo tells the server what it provides" wait_for 30 provides
check "another Kubo learns it" wait_for 30 learns

publishes() { timeout 30 env IPFS_PATH="$work/one" "$ipfs" name publish --allow-offline=false "/ipfs/$content"; }
resolves() { same "/ipfs/$content" "$(timeout 30 env IPFS_PATH="$work/other" "$ipfs" name resolve --nocache "/ipns/$(peer_id one)")"; }
check "Kubo publishes a name" wait_for 60 publishes
check "another Kubo resolves it" wait_for 30 resolves

gets_name() { timeout 30 env IPFS_PATH="$work/other" "$ipfs" routing get "/ipns/$(peer_id one)" >"$work/name" && at other name inspect --verify="$(peer_id one)" <"$work/name" |
    tee "$work/inspected" && grep -F "$content" "$work/inspected" && grep -Ei "valid: +true" "$work/inspected"; }
check "another Kubo gets the record itself, and finds its signature right" wait_for 30 gets_name

# an RSA key is not in its own id: Kubo puts it into the DHT beside the name
key=$(at one key gen --type=rsa --size=2048 --ipns-base=b58mh rsa)
publishes_with_key() { timeout 30 env IPFS_PATH="$work/one" "$ipfs" name publish --key=rsa "/ipfs/$content"; }
# id_of FILE: the id of the public key in it, in base58
id_of() {
    python3 -c 'import hashlib, sys
number, text = int.from_bytes(b"\x12\x20" + hashlib.sha256(open(sys.argv[1], "rb").read()).digest(), "big"), ""
while number:
    number, digit = divmod(number, 58)
    text = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[digit] + text
print(text)' "$1"
}
gets_key() { timeout 30 env IPFS_PATH="$work/other" "$ipfs" routing get "/pk/$key" >"$work/got" && same "$key" "$(id_of "$work/got")"; }
check "Kubo publishes a name of an RSA key" wait_for 60 publishes_with_key
check "another Kubo gets the public key" wait_for 30 gets_key
knows_nobody_else() { same "$(peer_id server)" "$(at "$1" swarm peers | sed 's,.*/p2p/,,' | sort -u)"; }
check "neither has met anybody but the server" eval 'knows_nobody_else one && knows_nobody_else other'
exit $failures
