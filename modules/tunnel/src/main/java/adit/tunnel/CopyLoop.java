package adit.tunnel;

import adit.identity.PeerId;
import adit.swarm.IdentifiedPeer;
import adit.swarm.Swarm;
import adit.transport.DirectTarget;
import adit.transport.Direction;
import adit.transport.ProtocolNotSupportedException;
import adit.transport.Stream;
import adit.transport.StreamResetException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Copies between a stream and a local connection: the only place where tunnelled bytes are moved, one blocking loop per
 * direction.
 * <ol>
 * <li>up: window credit → read from the local end into a buffer with room around → sent in place;</li>
 * <li>down: what the stream has received → written to the local end → window credit returns;</li>
 * <li>the end of one direction is passed on, the other one lives;</li>
 * <li>a failure anywhere aborts all four ends, never ends one cleanly; a reset by the peer waits until what the peer said
 * before it has been delivered.</li>
 * </ol>
 * A Kubo peer takes the end of one direction for the end of both (kubo, p2p/stream.go). So a forwarder holds the end of
 * its client's direction back until the answer has ended, the client is gone, or nothing came for
 * {@link TunnelSettings#halfCloseGrace}; and after a Kubo peer's end nothing more is sent to it, because it would neither
 * read that nor return credit for it. And when a service behind it ends, a Kubo peer sends in place of the end, about once
 * in a hundred times, a reset.
 */
final class CopyLoop {
    /** How long a local end that was told the end may go on talking to a peer that no longer listens. */
    private static final Duration DISCARD_LIMIT = Duration.ofSeconds(2);

    /**
     * An upward direction that has carried so many small payloads is a conversation: it asks for one of the few threads that wake up
     * faster. Short connections and bulk transfers gain nothing from those, and moving to one costs a wake-up by itself.
     */
    private static final int LIVELY = 50;

    /** How long the local end has for what the peer said before a reset. */
    private static final Duration DELIVERY_LIMIT = Duration.ofSeconds(10);

    /** Pauses between two looks after a client whose end is held back, or that has not taken all yet; they double. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(5);

    private final Stream stream;
    private final LocalEnd local;
    private final Surroundings surroundings;
    private final Counters counters;
    private final CountDownLatch upEnded = new CountDownLatch(1);
    private final CountDownLatch downEnded = new CountDownLatch(1);
    private final AtomicReference<IOException> failure = new AtomicReference<>();
    private final CountDownLatch aborted = new CountDownLatch(1);
    /** Null while there is no limit: then nothing of it is on the way of a byte. */
    private RateLimit upRate;
    private RateLimit downRate;
    private volatile boolean localEnded;
    /** The peer has ended its direction cleanly and takes nothing more from ours: what the local end still says is dropped. */
    private volatile boolean discarding;
    /** Why {@link #discarding}, when a reset of the stream told it. */
    private volatile StreamResetException lateReset;
    private int smallSent;
    private volatile long sent;
    private final AtomicLong received = new AtomicLong();

    CopyLoop(Stream stream, LocalEnd local, Surroundings surroundings, Counters counters) {
        this.stream = stream;
        this.local = local;
        this.surroundings = surroundings;
        this.counters = counters;
        stream.keepReceived();
        stream.onReset(this::meetReset);
    }

    /** Keeps both directions within rates, each null for none; before {@link #run}. */
    void limit(RateLimit up, RateLimit down) {
        upRate = up;
        downRate = down;
    }

    /** Payload bytes sent to the peer so far. */
    long sent() {
        return sent;
    }

    /** Payload bytes received from the peer so far. */
    long received() {
        return received.get();
    }

    /** Ends both directions now, at all ends with a reset. Idempotent, the first cause is kept. Never blocks. */
    void abort(IOException cause) {
        if (failure.compareAndSet(null, cause)) {
            stream.reset();
            local.abort();
            aborted.countDown();
        }
    }

    /**
     * Runs one direction on this thread, blocks until both have ended and closes what they leave.
     *
     * @param startUp starts {@link #upLoop} on another thread
     * @return the first failure, null after a clean end
     */
    IOException run(Runnable startUp) {
        try {
            startUp.run();
        } catch (RuntimeException | Error e) {
            abort(asIoException(e));
            upEnded.countDown();
        }
        downLoop();
        return awaitEnd();
    }

    /** Sends bytes that were read from the local end before {@link #upLoop}; on the thread that runs that, or before it starts. */
    void sendFirst(byte[] from, int offset, int length) {
        try {
            if (length > 0) {
                stream.write(from, offset, length);
                countSent(length);
            }
        } catch (IOException e) {
            abort(e);
        }
    }

    /** Local end to stream, until the local end's end. */
    void upLoop() {
        boolean movesOn = false;
        try (SendBuffer buffer = new SendBuffer(surroundings.pool())) {
            movesOn = copyUp(buffer);
            if (movesOn) {
                surroundings.loops().startHot("up " + stream.protocol(), this::upLoop);
                return;
            }
            localEnded = true;
            if (stream.direction() == Direction.OUTBOUND && peerClosesBoth()) {
                awaitAnswer();
            }
            stream.closeWrite();
        } catch (StreamResetException e) {
            meetReset(e);
            discardLoop();
        } catch (IOException | RuntimeException | Error e) {
            movesOn = false;
            abort(asIoException(e));
        } finally {
            if (!movesOn) {
                upEnded.countDown();
            }
        }
    }

    /** Stream to local end, until the peer's end. */
    private void downLoop() {
        try {
            copyDown();
            local.shutdownOutput();
            if (!discarding && !localEnded && peerClosesBoth()) {
                discarding = true;
                stream.reset(); // Wakes whoever waits for credit that will not come.
            }
        } catch (ProtocolNotSupportedException e) {
            // it was opened on what the peer had told before: the next opening asks first
            surroundings.swarm().protocolRefused(stream.connection().remotePeer(), stream.protocol());
            abort(e);
        } catch (StreamResetException e) {
            awaitDelivery();
            abort(e);
        } catch (IOException | RuntimeException | Error e) {
            abort(asIoException(e));
        } finally {
            downEnded.countDown();
            limitDiscarding();
        }
    }

    private IOException awaitEnd() {
        try {
            downEnded.await();
            upEnded.await();
        } catch (InterruptedException e) {
            abort(new StreamResetException("interrupted"));
        }
        local.close();
        stream.close();
        failure.compareAndSet(null, lateReset);
        return failure.get();
    }

    /** True when the direction is to move on to another thread, false at its end. */
    private boolean copyUp(SendBuffer buffer) throws IOException {
        int length = buffer.fill(local, awaitCredit());
        while (length >= 0) {
            stream.send(buffer.bytes(), Stream.HEADROOM, length);
            buffer.close();
            countSent(length);
            if (upRate != null) {
                pay(upRate, length);
            }
            if (length < SendBuffer.SMALL_PAYLOAD && ++smallSent == LIVELY) {
                return true;
            }
            length = buffer.fill(local, awaitCredit());
        }
        return false;
    }

    private void copyDown() throws IOException {
        if (downRate == null) {
            stream.transferDirectly(new DirectTarget(local.channel(), this::countReceived, this::abort));
        }
        long written = stream.transferTo(local.channel());
        while (written >= 0) {
            countReceived(written);
            if (downRate != null) {
                pay(downRate, written);
            }
            written = stream.transferTo(local.channel());
        }
    }

    private void countReceived(long written) {
        received.addAndGet(written);
        counters.received.add(written);
    }

    private int awaitCredit() throws IOException {
        int credit = stream.awaitCredit();
        return upRate == null ? credit : Math.min(credit, upRate.piece());
    }

    /** Waits until what has moved is within the rate; an abort ends the wait. */
    private void pay(RateLimit rate, long bytes) throws IOException {
        try {
            if (aborted.await(rate.take(bytes), TimeUnit.NANOSECONDS)) {
                throw failure.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void countSent(int length) {
        sent += length;
        counters.sent.add(length);
    }

    /** Reads and drops: closing a socket with unread data would reset the answer that its other side has not read yet. */
    private void discardLoop() {
        ByteBuffer dropped = ByteBuffer.allocate(SendBuffer.SMALL_PAYLOAD);
        try {
            while (local.read(dropped.clear()) >= 0) {
                continue;
            }
        } catch (IOException closed) {
            // Closed by its owner or after the limit: either way it says no more.
        }
    }

    private void awaitAnswer() {
        long grace = surroundings.settings().halfCloseGrace().toNanos();
        long pause = FIRST_PAUSE.toNanos();
        long seen = received.get();
        long quietSince = System.nanoTime();
        try {
            for (long left = grace; left > 0 && !local.isAbandoned(); left = quietSince + grace - System.nanoTime()) {
                if (downEnded.await(Math.min(left, pause), TimeUnit.NANOSECONDS)) {
                    return;
                }
                if (received.get() != seen) {
                    seen = received.get();
                    quietSince = System.nanoTime();
                }
                pause = Math.min(2 * pause, LAST_PAUSE.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean peerClosesBoth() {
        Swarm swarm = surroundings.swarm();
        PeerId peer = stream.connection().remotePeer();
        Optional<IdentifiedPeer> identified = swarm.identified(peer);
        try {
            String agent = (identified.isPresent() ? identified.get() : swarm.awaitIdentified(peer)).agentVersion();
            return agent.startsWith("kubo/") || agent.startsWith("go-ipfs/");
        } catch (IOException unknown) {
            return false;
        }
    }

    /**
     * What the peer said before is delivered first. After its clean end that is whole, and no failure; else the downward
     * direction comes upon the reset behind it, or the time is over.
     */
    private void meetReset(StreamResetException cause) {
        if (discarding) {
            return;
        }
        if (stream.isEnded()) {
            lateReset = cause;
            discarding = true;
            limitDiscarding();
        } else if (failure.get() == null) {
            surroundings.deadlines().after(DELIVERY_LIMIT, () -> abort(cause));
        }
    }

    /** The reset of a socket drops what its other side has not taken yet. */
    private void awaitDelivery() {
        try {
            Duration pause = Duration.ofMillis(1);
            while (received.get() > 0 && local.hasUnsent() && !aborted.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                pause = pause.compareTo(FIRST_PAUSE) < 0 ? pause.multipliedBy(2) : FIRST_PAUSE;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The later of the two calls, after the end of the downward direction and after {@link #discarding}, sees both. */
    private void limitDiscarding() {
        if (discarding && downEnded.getCount() == 0) {
            surroundings.deadlines().after(DISCARD_LIMIT, local::close);
        }
    }

    private static IOException asIoException(Throwable e) {
        return e instanceof IOException io ? io : new IOException("fault in the copy loop: " + e, e);
    }
}
