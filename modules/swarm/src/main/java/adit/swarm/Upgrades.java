package adit.swarm;

import adit.identity.PeerId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Relayed connections that somebody is replacing by direct ones, and how that ended: who opens a stream may wait for it. As many
 * entries as there are peers with a relayed connection; the monitor guards them.
 */
public final class Upgrades {
    private static final String UNDER_WAY = "";

    /** A peer whose relayed connection was refused in the end leaves its entry behind. */
    private static final int MAXIMUM_PEERS = 1024;

    /** The reason why there is no direct connection; empty while one is being made. */
    private final Map<PeerId, String> peers = new HashMap<>();

    Upgrades() {}

    /** A direct connection is being made, or expected of the remote peer. */
    public synchronized void begin(PeerId peer) {
        if (peers.size() < MAXIMUM_PEERS) {
            peers.put(peer, UNDER_WAY);
        }
    }

    /** No direct connection came of it, for that reason, fit for a person. */
    public synchronized void fail(PeerId peer, String reason) {
        peers.replace(peer, reason.isEmpty() ? "no reason is known" : reason);
        notifyAll();
    }

    /** There is a direct connection, or nobody tries to make one any more. */
    public synchronized void end(PeerId peer) {
        peers.remove(peer);
        notifyAll();
    }

    /** Whether one is under way. */
    public synchronized boolean isUnderWay(PeerId peer) {
        return UNDER_WAY.equals(peers.get(peer));
    }

    /** Why the last one failed; "" when none has. */
    public synchronized String failure(PeerId peer) {
        return peers.getOrDefault(peer, "");
    }

    /** Something that a waiter's condition looks at has changed. */
    public synchronized void lookAgain() {
        notifyAll();
    }

    /** A connection to the peer came. */
    synchronized void connected(PeerId peer, boolean isDirect) {
        if (isDirect) {
            peers.remove(peer);
        }
        notifyAll();
    }

    /** Waits until the condition holds, at most for that long, and no longer than one is under way. */
    public synchronized void await(PeerId peer, BooleanSupplier condition, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean() && isUnderWay(peer) && end - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
    }
}
