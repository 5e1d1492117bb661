package adit.swarm;

import adit.multiformats.Varint;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import adit.transport.Stream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * The identify protocol in all four parts: asks each new connection, answers who asks, takes pushes in, and pushes to all
 * peers what has changed here (libp2p specs, identify/README.md).
 */
final class Identify {
    static final String ID = "/ipfs/id/1.0.0";
    static final String PUSH = "/ipfs/id/push/1.0.0";

    /** Streams of one peer served at a time. */
    static final int MAXIMUM_STREAMS = 4;

    /** Changes come in groups (a program that sets up its tunnels): one push tells them all. */
    private static final Duration PUSH_DELAY = Duration.ofMillis(100);
    /** Interfaces come and go, and nobody tells. */
    private static final Duration ADDRESS_CHECK = Duration.ofMinutes(1);

    private final SwarmSettings settings;
    private final SelfDescription self;
    private final Connections connections;
    private final BiConsumer<PeerConnection, IdentifiedPeer> onIdentified;
    private final Loops loops;
    private final Deadlines deadlines;
    private final Log log;
    private final AtomicBoolean pushPending = new AtomicBoolean();
    private final Deadlines.Deadline addressCheck;

    /** @param onIdentified called with each message taken in */
    Identify(SwarmSettings settings, SelfDescription self, Connections connections, BiConsumer<PeerConnection, IdentifiedPeer> onIdentified,
            Loops loops, Deadlines deadlines, Log log) {
        this.settings = settings;
        this.self = self;
        this.connections = connections;
        this.onIdentified = onIdentified;
        this.loops = loops;
        this.deadlines = deadlines;
        this.log = log;
        addressCheck = deadlines.every(ADDRESS_CHECK, this::changed);
    }

    /** Looks no more whether something has changed. */
    void close() {
        addressCheck.close();
    }

    // ---- asking

    /** Asks the remote peer of a new connection on a thread of its own. */
    void ask(PeerConnection connection) {
        loops.start("identify " + connection.peer(), () -> askLoop(connection));
    }

    private void askLoop(PeerConnection connection) {
        try {
            accept(connection, answerOf(connection), false);
        } catch (IOException | RuntimeException e) {
            log.debug("identify of %s failed: %s", connection, e.getMessage());
            connection.unidentified(new IOException("identify of " + connection.peer() + " failed: " + e.getMessage(), e));
        }
    }

    private IdentifyMessage answerOf(PeerConnection connection) throws IOException {
        Stream stream = connection.connection().openStreamLazily(ID);
        StreamDeadline deadline = new StreamDeadline(deadlines, settings.identifyTimeout(), stream);
        try (deadline) {
            IdentifyMessage message = IdentifyMessage.read(stream.inputStream());
            stream.close();
            return message;
        } catch (IOException e) {
            stream.reset();
            throw deadline.explained(e);
        }
    }

    private void accept(PeerConnection connection, IdentifyMessage message, boolean push) {
        onIdentified.accept(connection, connection.hear(message, push));
        connection.identified();
    }

    // ---- being asked

    /** Serves {@link #ID}. */
    void answer(Stream stream) throws IOException {
        PeerConnection connection = connections.find(stream.connection());
        SelfDescription.Snapshot snapshot = self.current();
        write(stream, snapshot);
        stream.close();
        if (connection != null) {
            connection.told(snapshot.sequence());
        }
    }

    /** Serves {@link #PUSH}. */
    void receivePush(Stream stream) throws IOException {
        try (StreamDeadline _ = new StreamDeadline(deadlines, settings.identifyTimeout(), stream)) {
            IdentifyMessage message = IdentifyMessage.read(stream.inputStream());
            stream.close();
            PeerConnection connection = connections.find(stream.connection());
            if (connection != null) {
                accept(connection, message, true);
            }
        }
    }

    private void write(Stream stream, SelfDescription.Snapshot snapshot) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : self.message(snapshot, stream.connection()).encode()) {
            Varint.writeLengthPrefixed(all, part);
        }
        // the initial window takes all of it: a peer that does not read cannot hold this thread
        stream.write(all.toByteArray(), 0, all.size());
    }

    // ---- pushing

    /** Something that identify tells may have changed: the peers will hear of it. */
    void changed() {
        if (pushPending.compareAndSet(false, true)) {
            deadlines.after(PUSH_DELAY, () -> loops.start("identify push", this::pushLoop));
        }
    }

    private void pushLoop() {
        pushPending.set(false);
        SelfDescription.Snapshot snapshot = self.current();
        for (PeerConnection connection : connections.all()) {
            if (connection.toldSequence() < snapshot.sequence()) {
                loops.start("identify push " + connection.peer(), () -> pushLoop(connection, snapshot));
            }
        }
    }

    private void pushLoop(PeerConnection connection, SelfDescription.Snapshot snapshot) {
        try {
            if (connection.awaitIdentified(settings.identifyTimeout()).protocols().contains(PUSH)) {
                push(connection, snapshot);
            }
        } catch (IOException e) {
            log.debug("identify push to %s failed: %s", connection, e.getMessage());
        }
    }

    private void push(PeerConnection connection, SelfDescription.Snapshot snapshot) throws IOException {
        Stream stream = connection.connection().openStreamLazily(PUSH);
        StreamDeadline deadline = new StreamDeadline(deadlines, settings.identifyTimeout(), stream);
        try (deadline) {
            write(stream, snapshot);
            stream.closeWrite();
            // reads the answer to the proposal and the end: closing before would reset the stream under the reader
            if (stream.inputStream().read() >= 0) {
                throw new IOException("the remote peer answered a push");
            }
            stream.close();
            connection.told(snapshot.sequence());
        } catch (IOException e) {
            stream.reset();
            throw deadline.explained(e);
        }
    }
}
