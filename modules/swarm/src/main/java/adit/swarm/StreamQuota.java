package adit.swarm;

import adit.identity.PeerId;
import adit.transport.Stream;
import adit.transport.StreamHandler;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** A handler that serves only so many streams of one peer at a time and resets the rest. The monitor guards the counts. */
final class StreamQuota implements StreamHandler {
    private final int perPeer;
    private final StreamHandler handler;
    private final Map<PeerId, Integer> served = new HashMap<>();

    StreamQuota(int perPeer, StreamHandler handler) {
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

    private synchronized boolean enter(PeerId peer) {
        int now = served.getOrDefault(peer, 0);
        if (now >= perPeer) {
            return false;
        }
        served.put(peer, now + 1);
        return true;
    }

    private synchronized void leave(PeerId peer) {
        served.computeIfPresent(peer, (p, count) -> count == 1 ? null : count - 1);
    }
}
