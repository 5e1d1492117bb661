package adit.swarm;

import adit.identity.PeerId;
import adit.transport.Connection;
import adit.transport.ConnectionPath;
import adit.transport.Direction;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A connection and what was learnt on it. {@link #isUsable} and {@link #speaks} take no lock of this class: every opening
 * of a stream asks them. The monitor guards what was heard by identify.
 */
final class PeerConnection {
    /** Two connections made within this time were dialled by both peers at once, not one after the other had failed. */
    static final Duration SIMULTANEOUS = Duration.ofSeconds(10);

    /** Names that worked; beyond so many each opening negotiates anew. */
    static final int MAXIMUM_WORKED = 512;

    private final Connection connection;
    private final boolean direct;
    private final PeerId dialler;
    private final CompletableFuture<IdentifiedPeer> identified = new CompletableFuture<>();
    private final Set<String> worked = ConcurrentHashMap.newKeySet();
    private volatile Set<String> told = Set.of();
    private volatile boolean retired;
    private volatile long toldSequence;
    private IdentifyMessage heard;
    private IdentifiedPeer latest;

    PeerConnection(Connection connection) {
        this.connection = connection;
        direct = connection.path() != ConnectionPath.RELAYED;
        dialler = connection.direction() == Direction.OUTBOUND ? connection.localPeer() : connection.remotePeer();
    }

    Connection connection() {
        return connection;
    }

    PeerId peer() {
        return connection.remotePeer();
    }

    /** Not over a relay. */
    boolean isDirect() {
        return direct;
    }

    /** New streams may be opened on it. */
    boolean isUsable() {
        return !retired && connection.isOpen();
    }

    /** It took no new stream: others are used from now on. */
    void retire() {
        retired = true;
    }

    boolean hasStreams() {
        return !connection.streams().isEmpty();
    }

    boolean isOlderThan(Duration age) {
        return Duration.between(connection.opened(), Instant.now()).compareTo(age) > 0;
    }

    /**
     * Which of two connections to one peer carries new streams. Both peers come to the same answer: direct before relayed; when
     * both dialled at once, the one that the smaller peer id dialled; else the newer one, because a peer that dials
     * although it is connected has lost the older one.
     */
    boolean isBetterThan(PeerConnection other) {
        if (direct != other.direct) {
            return direct;
        }
        Duration apart = Duration.between(other.connection.opened(), connection.opened());
        if (!dialler.equals(other.dialler) && apart.abs().compareTo(SIMULTANEOUS) < 0) {
            return dialler.compareTo(other.dialler) < 0;
        }
        return !apart.isNegative();
    }

    // ---- protocols

    /** A lazy opening will very likely be accepted. */
    boolean speaks(String protocol) {
        return told.contains(protocol) || worked.contains(protocol);
    }

    /** Negotiated on this connection. It stays known whatever identify tells: not every name is advertised. */
    void worked(String protocol) {
        if (worked.size() < MAXIMUM_WORKED) {
            worked.add(protocol);
        }
    }

    /** Refused although it was thought to be spoken. */
    synchronized void refused(String protocol) {
        worked.remove(protocol);
        if (told.contains(protocol)) {
            Set<String> rest = new HashSet<>(told);
            rest.remove(protocol);
            told = Set.copyOf(rest);
        }
    }

    // ---- identify

    /**
     * Takes in an answer to identify, or a push that tells only what has changed. A push that overtakes the answer is the
     * newer of the two.
     */
    synchronized IdentifiedPeer hear(IdentifyMessage message, boolean push) {
        if (heard == null) {
            heard = message;
        } else {
            heard = push ? message.over(heard) : heard.over(message);
        }
        latest = heard.identifiedPeer(connection);
        told = latest.protocols();
        return latest;
    }

    /** What was heard has been noted everywhere: lets those go who wait for it. */
    void identified() {
        identified.complete(identifiedPeer());
    }

    /** Identify will bring no answer any more. */
    void unidentified(IOException reason) {
        identified.completeExceptionally(reason);
    }

    /** What is known now, null when nothing is. */
    synchronized IdentifiedPeer identifiedPeer() {
        return latest;
    }

    IdentifiedPeer awaitIdentified(Duration patience) throws IOException {
        try {
            identified.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return identifiedPeer();
        } catch (TimeoutException e) {
            throw new SocketTimeoutException(peer() + " did not identify itself within " + patience.toMillis() / 1000.0 + " s");
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for identify");
        }
    }

    /** Number of the newest {@link SelfDescription.Snapshot} the peer got on this connection. */
    long toldSequence() {
        return toldSequence;
    }

    synchronized void told(long sequence) {
        toldSequence = Math.max(toldSequence, sequence);
    }

    @Override public String toString() {
        return peer() + " at " + connection.remoteAddress();
    }
}
