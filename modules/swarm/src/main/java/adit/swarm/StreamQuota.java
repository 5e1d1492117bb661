package adit.swarm;

import adit.identity.PeerId;
import adit.transport.Stream;
import adit.transport.StreamHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A handler that serves only so many streams of one peer at a time. As many more wait a moment, for a peer that has just ended
 * another may be ahead of the thread that served it; the rest are reset at once, so that a flood of streams wakes nobody. The
 * monitor guards the peers.
 */
public final class StreamQuota implements StreamHandler {
    private static final int MOMENT_SECONDS = 1;

    private final int perPeer;
    private final StreamHandler handler;
    private final Map<PeerId, Places> peers = new HashMap<>();

    private static final class Places {
        private final Semaphore free;
        private int streams;

        Places(int count) {
            free = new Semaphore(count, true);
        }
    }

    /** @param perPeer streams of one peer that are served at a time */
    public StreamQuota(int perPeer, StreamHandler handler) {
        this.perPeer = perPeer;
        this.handler = handler;
    }

    @Override public void handle(Stream stream) throws IOException {
        PeerId peer = stream.connection().remotePeer();
        Places places = enter(peer);
        if (places == null) {
            stream.reset();
            return;
        }
        try {
            serve(stream, places.free);
        } finally {
            leave(peer, places);
        }
    }

    /** Null when as many as may are served and waiting. */
    private synchronized Places enter(PeerId peer) {
        Places places = peers.computeIfAbsent(peer, p -> new Places(perPeer));
        if (places.streams >= 2 * perPeer) {
            return null;
        }
        places.streams++;
        return places;
    }

    private synchronized void leave(PeerId peer, Places places) {
        if (--places.streams == 0) {
            peers.remove(peer);
        }
    }

    private void serve(Stream stream, Semaphore free) throws IOException {
        try {
            if (!free.tryAcquire(MOMENT_SECONDS, TimeUnit.SECONDS)) {
                stream.reset();
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for another stream to end");
        }
        try {
            handler.handle(stream);
        } finally {
            free.release();
        }
    }
}
