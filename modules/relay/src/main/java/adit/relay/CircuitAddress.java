package adit.relay;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.Multiaddr.Component;
import adit.multiformats.Multiaddr.Protocol;
import java.util.List;
import java.util.Optional;

/**
 * An address that leads over a relay, [relay's address]/p2p/RELAY/p2p-circuit (libp2p/specs relay/circuit-v2.md, "Introduction").
 *
 * @param address of the relay, without /p2p; empty when only its id is told
 */
record CircuitAddress(PeerId relay, Optional<Multiaddr> address) {
    /** @throws MalformedException it is of another form; circuits through circuits are none that can be dialled */
    static CircuitAddress parse(Multiaddr circuit) throws MalformedException {
        List<Component> parts = circuit.components();
        int last = parts.size() - 1;
        if (last < 1 || parts.get(last).protocol() != Protocol.P2P_CIRCUIT || parts.get(last - 1).protocol() != Protocol.P2P) {
            throw new MalformedException("not the address of a circuit, …/p2p/RELAY/p2p-circuit: " + circuit);
        }
        List<Component> relay = parts.subList(0, last - 1);
        if (relay.stream().anyMatch(part -> part.protocol() == Protocol.P2P_CIRCUIT || part.protocol() == Protocol.P2P)) {
            throw new MalformedException("a relay behind a relay is not used: " + circuit);
        }
        return new CircuitAddress(PeerId.parse(parts.get(last - 1).value()),
                relay.isEmpty() ? Optional.empty() : Optional.of(Multiaddr.of(relay.toArray(Component[]::new))));
    }

    /** The circuit address through a relay that is at that address; a /p2p at its end must be the relay's own. */
    static Multiaddr through(Multiaddr relayAddress, PeerId relay) throws MalformedException {
        Multiaddr bare = relayAddress.withoutTrailingPeerId().orElseThrow(() -> new MalformedException("a relay without an address"));
        return bare.encapsulate(Multiaddr.of(new Component(Protocol.P2P, relay.toString()), new Component(Protocol.P2P_CIRCUIT, "")));
    }
}
