package adit.swarm;

import adit.identity.PeerId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the peers that were identified last told of themselves; the connection may have ended since. Thread-safe. */
final class Identities {
    /** Each may hold some 20 KiB when the peer means ill. */
    static final int MAXIMUM_PEERS = 128;

    private final Map<PeerId, IdentifiedPeer> newest = new LinkedHashMap<>();

    synchronized void add(IdentifiedPeer peer) {
        newest.remove(peer.peerId());
        newest.put(peer.peerId(), peer);
        if (newest.size() > MAXIMUM_PEERS) {
            newest.remove(newest.keySet().iterator().next());
        }
    }

    synchronized Optional<IdentifiedPeer> of(PeerId peer) {
        return Optional.ofNullable(newest.get(peer));
    }
}
