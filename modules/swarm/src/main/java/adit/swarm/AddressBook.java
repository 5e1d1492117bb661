package adit.swarm;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Addresses known per peer, with their end of life; bounded in peers and in addresses per peer. Addresses are kept without /p2p. Thread-safe. */
public final class AddressBook {
    /** A life that does not end. */
    public static final Duration FOREVER = Duration.ofDays(36_500);
    AddressBook() {}
    public void add(PeerId peer, List<Multiaddr> addresses, Duration life) { throw new UnsupportedOperationException("written next"); }
    public List<Multiaddr> addresses(PeerId peer) { throw new UnsupportedOperationException("written next"); }
    public void remove(PeerId peer) { throw new UnsupportedOperationException("written next"); }
    public Map<PeerId, List<Multiaddr>> all() { throw new UnsupportedOperationException("written next"); }
}
