package adit.relay;

import adit.identity.PeerId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * How many requests are served in any span of time, of all peers and of each. Remembers no more of them than are served.
 * Thread-safe; the monitor guards all.
 */
final class RequestThrottle {
    private record Served(PeerId peer, long at) {}

    private final int all;
    private final int perPeer;
    private final long period;
    private final LongSupplier nanoTime;
    private final Deque<Served> served = new ArrayDeque<>();

    RequestThrottle(int all, int perPeer, Duration period, LongSupplier nanoTime) {
        this.all = all;
        this.perPeer = perPeer;
        this.period = period.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Whether one more of that peer may be served; then it counts. */
    synchronized boolean admits(PeerId peer) {
        long now = nanoTime.getAsLong();
        while (!served.isEmpty() && now - served.getFirst().at() >= period) {
            served.removeFirst();
        }
        boolean isAdmitted = served.size() < all && served.stream().filter(each -> each.peer().equals(peer)).count() < perPeer;
        if (isAdmitted) {
            served.addLast(new Served(peer, now));
        }
        return isAdmitted;
    }
}
