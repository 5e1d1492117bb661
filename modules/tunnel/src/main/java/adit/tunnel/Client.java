package adit.tunnel;

import adit.identity.PeerId;
import adit.swarm.RelayPolicy;
import adit.transport.Stream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One client of a peer's protocol, from its local connection to an open stream and to the end of both. While the peer
 * has to be reached first, a watching thread reads the client's first bytes, so that a client that gives up ends its dial
 * at once; the same thread then carries on as the copy loop's upward direction. The lock guards the phase, the bytes read ahead and the reason to give up; it is
 * not held over I/O.
 */
final class Client implements AutoCloseable {
    /** How much is read ahead from a client whose stream is not open yet. */
    private static final int READ_AHEAD = 2048;

    private enum Phase { BEFORE, CONNECTING, OPENING, OVER }

    private final Surroundings surroundings;
    private final PeerId peer;
    private final String protocol;
    private final RelayPolicy relays;
    private final LocalEnd local;
    private final boolean silent;
    private final byte[] ahead = new byte[READ_AHEAD];
    private final CountDownLatch over = new CountDownLatch(1);
    private Phase phase = Phase.BEFORE;
    private Thread dialling;
    private IOException givenUp;
    private boolean watched;
    private int readAhead;
    private CopyLoop copy;
    private RateLimit upRate;
    private RateLimit downRate;

    /** @param silent whether nothing was read from the client before */
    Client(Surroundings surroundings, PeerId peer, String protocol, RelayPolicy relays, LocalEnd local, boolean silent) {
        this.surroundings = surroundings;
        this.peer = peer;
        this.protocol = protocol;
        this.relays = relays;
        this.local = local;
        this.silent = silent;
    }

    /** Keeps it within the rates of that share; before {@link #carry}. */
    void limit(PeerLimits.Share share) {
        upRate = share.up();
        downRate = share.down();
    }

    /**
     * Opens the stream and copies until both directions have ended. Blocks. The local end is left open only when no stream
     * could be opened.
     *
     * @param origin how the client is shown
     * @param initial bytes already read from the client
     * @param onOpen runs once the stream is open, before any byte is copied
     * @return why the connection was aborted or given up, null after a clean end
     * @throws IOException no stream could be opened
     */
    IOException carry(LiveStreams.Place place, Counters counters, String origin, byte[] initial, Runnable onOpen) throws IOException {
        place.onAbort(this::giveUp);
        place.tell("client %s asks for %s of peer %s", origin, protocol, peer);
        Stream stream;
        try {
            stream = open();
        } catch (IOException e) {
            place.ended(e);
            if (isGivenUp()) {
                return e;
            }
            throw e;
        }
        CopyLoop copying = new CopyLoop(stream, local, surroundings, counters);
        copying.limit(upRate, downRate);
        place.opened(protocol, origin, "/p2p/" + peer, copying);
        IOException failure = copying.run(() -> {
            onOpen.run();
            copying.sendFirst(initial, 0, initial.length);
            startUp(copying);
        });
        place.ended(failure);
        return failure;
    }

    private synchronized boolean isGivenUp() {
        return givenUp != null;
    }

    /** An open stream; connects to the peer first where needed. Blocks at most for the swarm's time limits. */
    private Stream open() throws IOException {
        try {
            if (!surroundings.swarm().isConnected(peer)) {
                watched = true;
                surroundings.loops().start("watch " + protocol, this::watchLoop);
                connect();
            }
            enter(Phase.OPENING);
            Stream stream = surroundings.swarm().openStream(peer, protocol, relays);
            try {
                enter(Phase.OVER);
            } catch (IOException e) {
                stream.reset();
                throw e;
            }
            return stream;
        } catch (IOException e) {
            throw causeOf(e);
        }
    }

    /** Starts the upward direction, with what was read ahead. */
    private void startUp(CopyLoop loop) {
        if (!watched) {
            surroundings.loops().start("up " + protocol, loop::upLoop);
            return;
        }
        loop.sendFirst(ahead, 0, readAhead);
        copy = loop;
        close();
    }

    /** Ends the dial; does nothing once it is over. Never blocks. */
    private synchronized void giveUp(IOException why) {
        if (givenUp == null && phase != Phase.OVER) {
            givenUp = why;
            // Only while connecting: there every channel is the dial's own. Later the thread may be writing to a
            // connection it shares with other streams, and an interrupt closes the channel it hits.
            if (phase == Phase.CONNECTING) {
                dialling.interrupt();
            }
        }
    }

    /** Lets the watching thread go when {@link #startUp} has not. */
    @Override public void close() {
        over.countDown();
    }

    private void connect() throws IOException {
        enter(Phase.CONNECTING);
        try {
            // a client asks now: what the peering tried in vain a while ago does not count
            surroundings.swarm().connect(peer, true);
        } finally {
            synchronized (this) {
                phase = Phase.OPENING;
                if (givenUp != null) {
                    Thread.interrupted();
                }
            }
        }
    }

    private synchronized void enter(Phase next) throws IOException {
        if (givenUp != null) {
            throw givenUp;
        }
        dialling = Thread.currentThread();
        phase = next;
    }

    private synchronized IOException causeOf(IOException failure) {
        phase = Phase.OVER;
        return givenUp == null ? failure : givenUp;
    }

    private void watchLoop() {
        int late = 0;
        try {
            late = watch();
        } catch (IOException e) {
            giveUp(new IOException("the client gave up: " + TargetDial.text(e), e));
        }
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (copy != null) {
            copy.sendFirst(ahead, readAhead, late);
            copy.upLoop();
        }
    }

    /** Reads ahead until the stream is open or there is no room; how many bytes came too late for {@link #startUp}. */
    private int watch() throws IOException {
        ByteBuffer room = ByteBuffer.wrap(ahead);
        while (room.hasRemaining()) {
            int length = local.read(room);
            if (length < 0) {
                awaitStreamForSilentClient(room.position() == 0 && silent);
                return 0;
            }
            synchronized (this) {
                if (phase == Phase.OVER) {
                    return length;
                }
                readAhead += length;
            }
        }
        return 0;
    }

    /** A client that has closed without a word hardly waits for an answer, but one that only listens may. */
    private void awaitStreamForSilentClient(boolean nothingSaid) throws IOException {
        try {
            if (nothingSaid && !over.await(surroundings.settings().abandonedDialGrace().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new EOFException("it closed its connection");
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted");
        }
    }
}
