package adit.relay;

import adit.identity.PeerId;
import java.util.HashMap;
import java.util.Map;

/**
 * How many circuits there are: in all, of each peer, and to each peer from one address, so that nobody alone keeps others from a peer.
 * The monitor guards the counts.
 */
final class CircuitQuota {
    /** From where to where; the address is null when it does not count. */
    record Way(PeerId source, IpPrefix address, PeerId target) {}

    private final RelayServiceSettings settings;
    private final Map<PeerId, Integer> peers = new HashMap<>();
    /** Ways without their source. */
    private final Map<Way, Integer> addresses = new HashMap<>();
    private int all;

    CircuitQuota(RelayServiceSettings settings) {
        this.settings = settings;
    }

    /** False when there are as many as may be; else {@link #leave} must follow. */
    synchronized boolean enter(Way way) {
        boolean isAddressFull = way.address() != null
                && addresses.getOrDefault(fromAddress(way), 0) >= settings.maximumCircuitsPerAddress();
        if (all >= settings.maximumCircuits() || isFull(way.source()) || isFull(way.target()) || isAddressFull) {
            return false;
        }
        add(way, 1);
        return true;
    }

    synchronized void leave(Way way) {
        add(way, -1);
    }

    synchronized int count() {
        return all;
    }

    synchronized boolean isEmpty() {
        return peers.isEmpty() && addresses.isEmpty();
    }

    private boolean isFull(PeerId peer) {
        return peers.getOrDefault(peer, 0) >= settings.maximumCircuitsPerPeer();
    }

    private void add(Way way, int change) {
        all += change;
        peers.merge(way.source(), change, CircuitQuota::sum);
        peers.merge(way.target(), change, CircuitQuota::sum);
        if (way.address() != null) {
            addresses.merge(fromAddress(way), change, CircuitQuota::sum);
        }
    }

    private static Way fromAddress(Way way) {
        return new Way(null, way.address(), way.target());
    }

    /** Null, which removes the entry, for none. */
    private static Integer sum(int before, int change) {
        return before + change == 0 ? null : before + change;
    }
}
