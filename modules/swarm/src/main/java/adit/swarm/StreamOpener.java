package adit.swarm;

import adit.identity.PeerId;
import adit.transport.CircuitLimit;
import adit.transport.Connection;
import adit.transport.Deadlines;
import adit.transport.Multistream;
import adit.transport.Stream;
import adit.transport.StreamResetException;
import java.io.IOException;
import java.io.InterruptedIOException;
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

    /** How long a stream waits for a direct connection under way before it goes over a relay that would soon end it. */
    private static final Duration UPGRADE_PATIENCE = Duration.ofSeconds(2);

    /** What a relay must still allow for a stream to be worth beginning. */
    private static final long WORTHWHILE_BYTES = 16 << 10;
    private static final Duration WORTHWHILE_TIME = Duration.ofSeconds(5);

    private final Connections connections;
    private final Upgrades upgrades;
    private final Connector connector;
    private final Duration openTimeout;
    private final Duration negotiationTimeout;
    private final Deadlines deadlines;

    StreamOpener(Connections connections, Upgrades upgrades, Connector connector, Duration openTimeout, Duration negotiationTimeout,
            Deadlines deadlines) {
        this.connections = connections;
        this.upgrades = upgrades;
        this.connector = connector;
        this.openTimeout = openTimeout;
        this.negotiationTimeout = negotiationTimeout;
        this.deadlines = deadlines;
    }

    Stream open(PeerId peer, String protocol, RelayPolicy policy) throws IOException {
        PeerConnection known = connections.best(peer);
        if (known != null && known.speaks(protocol) && (known.isDirect() || policy == RelayPolicy.ALWAYS)) {
            try {
                return known.connection().openStreamLazily(protocol);
            } catch (StreamResetException e) {
                giveUp(known, e);
            }
        }
        long end = System.nanoTime() + openTimeout.toNanos();
        PeerConnection first = permitted(connector.connect(peer, openTimeout), policy, end);
        try {
            return openOn(first, protocol, end);
        } catch (StreamResetException e) {
            // nothing of the caller's has been sent: a connection that died meanwhile or takes no more streams is no reason to fail
            if (first.isUsable()) {
                throw e;
            }
        }
        return openOn(permitted(connector.connect(peer, left(end)), policy, end), protocol, end);
    }

    /** On that connection and no other. Blocks at most openTimeout. */
    Stream openOn(Connection connection, String protocol) throws IOException {
        PeerConnection on = connections.find(connection);
        if (on == null) {
            throw new IOException("the connection to " + connection.remotePeer() + " has ended");
        }
        return openOn(on, protocol, System.nanoTime() + openTimeout.toNanos());
    }

    // ---- relays

    /** That connection, or another to the same peer that the policy allows; waits for a direct one as far as the policy wants. */
    private PeerConnection permitted(PeerConnection found, RelayPolicy policy, long end) throws IOException {
        if (found.isDirect() || policy == RelayPolicy.ALWAYS || policy == RelayPolicy.UNTIL_DIRECT && !found.connection().limit().isLimited()) {
            return found;
        }
        Duration left = left(end);
        boolean isLastResort = policy == RelayPolicy.UNTIL_DIRECT && isWorthwhile(found);
        awaitUpgrade(found.peer(), isLastResort && UPGRADE_PATIENCE.compareTo(left) < 0 ? UPGRADE_PATIENCE : left);
        PeerConnection best = connections.best(found.peer());
        if (best != null && (best.isDirect() || policy == RelayPolicy.UNTIL_DIRECT && isWorthwhile(best))) {
            return best;
        }
        String failure = upgrades.failure(found.peer());
        throw new IOException("there is only a relayed connection to " + found.peer()
                + (policy == RelayPolicy.NEVER ? ", and this stream must not go over a relay" : ", and the relay allows too little for a stream")
                + (failure.isEmpty() ? "" : "; no direct one: " + failure));
    }

    private void awaitUpgrade(PeerId peer, Duration patience) throws InterruptedIOException {
        try {
            upgrades.await(peer, () -> connections.hasDirect(peer), patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a direct connection");
        }
    }

    private static boolean isWorthwhile(PeerConnection relayed) {
        CircuitLimit limit = relayed.connection().limit();
        return limit.bytesLeft() >= WORTHWHILE_BYTES && limit.timeLeft().compareTo(WORTHWHILE_TIME) >= 0;
    }

    // ---- one connection

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
