package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.time.Instant;
import java.util.List;

/**
 * A peer that was reached, for the next run.
 *
 * @param addresses by which it was reached, the latest first, without /p2p
 * @param role what it is good for
 * @param seen when it was last connected
 */
public record RememberedPeer(PeerId peer, List<Multiaddr> addresses, Role role, Instant seen) {
    /** The most valuable first. */
    public enum Role {
        /** Somebody wants it connected: a forwarder leads to it. */
        TUNNEL,
        /** It serves a DHT: the way to all others. */
        DHT,
        /** It was connected. */
        OTHER
    }

    /** Keeps a copy of the list. */
    public RememberedPeer {
        addresses = List.copyOf(addresses);
    }
}
