package adit.swarm;

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

/** The protocols served here, by exact name, and what every inbound stream runs: agree on one of them, then its handler. */
final class StreamHandlers implements StreamHandler {
    private record Served(StreamHandler handler, boolean advertised) {}

    private final Duration negotiationTimeout;
    private final Deadlines deadlines;
    private final Log log;
    private final Map<String, Served> served = new ConcurrentHashMap<>();

    StreamHandlers(Duration negotiationTimeout, Deadlines deadlines, Log log) {
        this.negotiationTimeout = negotiationTimeout;
        this.deadlines = deadlines;
        this.log = log;
    }

    /** @throws IllegalStateException the name is taken */
    void add(String protocol, boolean advertised, StreamHandler handler) {
        if (served.putIfAbsent(protocol, new Served(handler, advertised)) != null) {
            throw new IllegalStateException("protocol is served already: " + protocol);
        }
    }

    /** False when it was not there. Streams that are open run on. */
    boolean remove(String protocol) {
        return served.remove(protocol) != null;
    }

    /** Sorted. */
    List<String> names() {
        return served.keySet().stream().sorted().toList();
    }

    /** Those that identify tells, sorted. */
    List<String> advertised() {
        return names().stream().filter(name -> {
            Served one = served.get(name);
            return one != null && one.advertised();
        }).toList();
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
            return Multistream.accept(stream.inputStream(), stream.outputStream(), served::containsKey);
        } catch (IOException e) {
            throw deadline.explained(e);
        }
    }
}
