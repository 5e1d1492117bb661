package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.util.List;

/**
 * A peer and where it may be.
 *
 * @param addresses without /p2p
 */
public record KnownPeer(PeerId id, List<Multiaddr> addresses) {
    /** Keeps a copy of the list. */
    public KnownPeer {
        addresses = List.copyOf(addresses);
    }
}
