package adit.swarm;

import adit.identity.PeerId;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Multistream;
import adit.transport.Stream;
import adit.transport.StreamHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The protocols served here, by exact name, and what every inbound stream runs: agree on one of them, then its handler. */
final class StreamHandlers implements StreamHandler {
    private record Served(StreamHandler handler, boolean advertised, Gate gate) {}

    private final Duration negotiationTimeout;
    private final Deadlines deadlines;
    private final Log log;
    private final Map<String, Served> served = new ConcurrentHashMap<>();
    private final AtomicLong revision = new AtomicLong();

    StreamHandlers(Duration negotiationTimeout, Deadlines deadlines, Log log) {
        this.negotiationTimeout = negotiationTimeout;
        this.deadlines = deadlines;
        this.log = log;
    }

    /** @throws IllegalStateException the name is taken */
    void add(String protocol, boolean advertised, StreamHandler handler, Gate gate) {
        if (served.putIfAbsent(protocol, new Served(handler, advertised, gate)) != null) {
            throw new IllegalStateException("protocol is served already: " + protocol);
        }
        revision.incrementAndGet();
    }

    /** False when it was not there. Streams that are open run on. */
    boolean remove(String protocol) {
        revision.incrementAndGet();
        return served.remove(protocol) != null;
    }

    /** Sorted. */
    List<String> names() {
        return served.keySet().stream().sorted().toList();
    }

    /** Those that identify tells the peer, sorted. */
    List<String> advertised(PeerId peer) {
        return names().stream().filter(name -> {
            Served one = served.get(name);
            return one != null && one.advertised() && one.gate().admits(peer);
        }).toList();
    }

    /** Grows whenever {@link #advertised} may have changed for anybody. */
    long revision() {
        return revision.get();
    }

    /** A gate admits others than before. */
    void gateChanged() {
        revision.incrementAndGet();
    }

    @Override public void handle(Stream stream) {
        try {
            String protocol = agree(stream);
            Served one = served.get(protocol);
            if (one == null) {
                throw new IOException(protocol + " is not served any more");
            }
            stream.setProtocol(protocol);
            one.handler().handle(stream);
        } catch (IOException e) {
            log.debug("stream of %s: %s", stream.connection().remotePeer(), e.getMessage());
            stream.reset();
        } catch (RuntimeException e) {
            log.warn("stream of %s ended by a fault of this program: %s", stream.connection().remotePeer(), e);
            stream.reset();
        }
    }

    private String agree(Stream stream) throws IOException {
        StreamDeadline deadline = new StreamDeadline(deadlines, negotiationTimeout, stream);
        try (deadline) {
            return Multistream.accept(stream.inputStream(), stream.outputStream(),
                    protocol -> isServed(protocol, stream.connection().remotePeer()));
        } catch (IOException e) {
            throw deadline.explained(e);
        }
    }

    private boolean isServed(String protocol, PeerId peer) {
        Served one = served.get(protocol);
        boolean isAdmitted = one != null && one.gate().admits(peer);
        if (one != null && !isAdmitted) {
            one.gate().turnedAway(peer);
        }
        return isAdmitted;
    }
}
