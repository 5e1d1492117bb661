package adit.tunnel;

import adit.identity.PeerId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Peers that asked for a listener they may not use, the last ones: anybody can make up peers, so their number is bounded. Thread-safe. */
final class RefusedPeers {
    /** Peers remembered of one listener. */
    static final int MAXIMUM = 100;

    private final SequencedMap<PeerId, RefusedPeer> peers = new LinkedHashMap<>();

    synchronized void add(PeerId peer) {
        RefusedPeer before = peers.remove(peer);
        peers.putLast(peer, new RefusedPeer(peer, before == null ? 1 : before.attempts() + 1, Instant.now()));
        if (peers.size() > MAXIMUM) {
            peers.pollFirstEntry();
        }
    }

    synchronized void forget(PeerId peer) {
        peers.remove(peer);
    }

    /** Who asked last comes first. */
    synchronized List<RefusedPeer> list() {
        return List.copyOf(peers.reversed().values());
    }
}
