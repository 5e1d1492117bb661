package adit.swarm;

import adit.identity.PeerId;
import adit.transport.Connection;
import adit.transport.Deadlines;
import adit.transport.Multistream;
import adit.transport.Stream;
import adit.transport.StreamResetException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;

/**
 * Opens streams. The fast path (connected, protocol known) takes no lock of this module and sends the proposal without waiting. Else the
 * protocol is proposed and the answer awaited: one round trip, no more than waiting for identify would take, and right for
 * names that are not advertised.
 */
final class StreamOpener {
    /** What the opener needs of the dialler. */
    interface Connector {
        /** The best connection, dialled within that time if there is none. */
        PeerConnection connect(PeerId peer, Duration patience) throws IOException;
    }

    private final Connections connections;
    private final Connector connector;
    private final Duration openTimeout;
    private final Duration negotiationTimeout;
    private final Deadlines deadlines;

    StreamOpener(Connections connections, Connector connector, Duration openTimeout, Duration negotiationTimeout, Deadlines deadlines) {
        this.connections = connections;
        this.connector = connector;
        this.openTimeout = openTimeout;
        this.negotiationTimeout = negotiationTimeout;
        this.deadlines = deadlines;
    }

    Stream open(PeerId peer, String protocol) throws IOException {
        PeerConnection known = connections.best(peer);
        if (known != null && known.speaks(protocol)) {
            try {
                return known.connection().openStreamLazily(protocol);
            } catch (StreamResetException e) {
                giveUp(known, e);
            }
        }
        long end = System.nanoTime() + openTimeout.toNanos();
        PeerConnection first = connector.connect(peer, openTimeout);
        try {
            return openOn(first, protocol, end);
        } catch (StreamResetException e) {
            // nothing of the caller's has been sent: a connection that died meanwhile or takes no more streams is no reason to fail
            if (first.isUsable()) {
                throw e;
            }
        }
        return openOn(connector.connect(peer, left(end)), protocol, end);
    }

    private Stream openOn(PeerConnection on, String protocol, long end) throws IOException {
        Connection connection = on.connection();
        Stream stream;
        try {
            if (on.speaks(protocol)) {
                return connection.openStreamLazily(protocol);
            }
            stream = connection.openStream();
        } catch (StreamResetException e) {
            giveUp(on, e);
            throw e;
        }
        Duration left = left(end);
        StreamDeadline deadline = new StreamDeadline(deadlines, left.compareTo(negotiationTimeout) < 0 ? left : negotiationTimeout, stream);
        try (deadline) {
            Multistream.propose(stream.inputStream(), stream.outputStream(), List.of(protocol));
            stream.setProtocol(protocol);
        } catch (IOException e) {
            stream.reset();
            throw deadline.explained(e);
        }
        on.worked(protocol);
        return stream;
    }

    /** The connection did not take a new stream: it is used no more, unless it was the caller who gave up. */
    private static void giveUp(PeerConnection connection, StreamResetException cause) throws StreamResetException {
        if (Thread.currentThread().isInterrupted()) {
            throw cause;
        }
        connection.retire();
    }

    private Duration left(long end) throws SocketTimeoutException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("the stream could not be opened within " + openTimeout.toMillis() / 1000.0 + " s");
        }
        return Duration.ofNanos(left);
    }
}
