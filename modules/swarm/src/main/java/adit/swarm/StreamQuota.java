package adit.swarm;

import adit.identity.PeerId;
import adit.transport.Stream;
import adit.transport.StreamHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A handler that serves only so many streams of one peer at a time. One more waits a moment, for a peer that has just ended
 * another may be ahead of the thread that served it; then it is reset. The monitor guards the counts.
 */
public final class StreamQuota implements StreamHandler {
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final int perPeer;
    private final StreamHandler handler;
    private final Map<PeerId, Integer> served = new HashMap<>();

    /** @param perPeer streams of one peer that are served at a time */
    public StreamQuota(int perPeer, StreamHandler handler) {
        this.perPeer = perPeer;
        this.handler = handler;
    }

    @Override public void handle(Stream stream) throws IOException {
        PeerId peer = stream.connection().remotePeer();
        if (!enter(peer)) {
            stream.reset();
            return;
        }
        try {
            handler.handle(stream);
        } finally {
            leave(peer);
        }
    }

    private synchronized boolean enter(PeerId peer) throws InterruptedIOException {
        long end = System.nanoTime() + MOMENT.toNanos();
        while (served.getOrDefault(peer, 0) >= perPeer) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for another stream to end");
            }
        }
        served.merge(peer, 1, Integer::sum);
        return true;
    }

    private synchronized void leave(PeerId peer) {
        served.computeIfPresent(peer, (p, count) -> count == 1 ? null : count - 1);
        notifyAll();
    }
}
