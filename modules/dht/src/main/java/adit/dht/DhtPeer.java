package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.util.List;

/**
 * A peer with the addresses somebody told of it: an entry of an answer.
 *
 * @param addresses without /p2p, unverified
 */
public record DhtPeer(PeerId id, List<Multiaddr> addresses) {
    /** Copies the list. */
    public DhtPeer {
        addresses = List.copyOf(addresses);
    }
}
