package adit.transport;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts frames on the wire, one record and one system call for all that is ready.
 *
 * <p>The lock guards the batch and the pen. Whoever finds the pen free takes it, writes its own frame straight from
 * its own buffer, then whatever others put into the batch meanwhile; whoever finds it taken copies its frame into the
 * batch and goes on, or waits while the batch is full. Only the holder of the pen writes to the channel, without the
 * lock. So a lone frame goes out at once and uncopied, and many streams share records.
 *
 * <p>Threads that must not block ({@link #writeLater}: the connection's reader, whoever resets) only ever use the batch,
 * and a reserve of it that data cannot fill; {@link #laterLoop} takes the pen for them when nobody else does.
 */
final class FrameWriter {
    /** Most bytes of one write, headers included. */
    static final int BATCH = SecureChannel.MAXIMUM_PLAINTEXT;

    /** The part of the batch that only frames without payload may use: some 340 of them. */
    static final int RESERVE = 4096;

    private static final int START = Stream.HEADROOM;

    private final SecureChannel channel;
    private final BufferPool pool;
    private final ReentrantLock lock = new ReentrantLock();
    /** For writers: the batch was taken to be written, or the pen lies there. */
    private final Condition room = lock.newCondition();
    /** For {@link #laterLoop}, which is not woken for frames that the holder of the pen will write. */
    private final Condition left = lock.newCondition();
    private Buffer batch;
    private int batched;
    private boolean penTaken;
    private boolean ended;
    private IOException failure;
    private volatile long writingSince;

    FrameWriter(SecureChannel channel, BufferPool pool) {
        this.channel = channel;
        this.pool = pool;
    }

    /**
     * Writes a frame that stands in a buffer with the rooms of {@link SecureChannel} around it; destroys it. Blocks
     * while the channel does. The thread must not be one that gets interrupted: an interrupt during the write closes
     * the socket, for every stream of the connection.
     */
    void write(byte[] buffer, int offset, int length) throws IOException {
        boolean mayTakePen = !Thread.currentThread().isInterrupted();
        if (!takePenOrBatch(buffer, offset, length, mayTakePen)) {
            return;
        }
        try {
            writeBatched();
            writeOut(buffer, offset, length);
            writeRest();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Leaves a copy of the frame to {@link #laterLoop}; blocks only while the batch is full, and an interrupt harms nobody else. */
    void writeQueued(byte[] buffer, int offset, int length) throws IOException {
        takePenOrBatch(buffer, offset, length, false);
    }

    /** Queues a frame without payload; never blocks. False when the reserve is used up: the remote peer does not read. */
    boolean writeLater(YamuxFrame frame) {
        lock.lock();
        try {
            if (ended || failure != null) {
                return true;
            }
            if (batched + YamuxFrame.HEADER > BATCH) {
                return false;
            }
            frame.encode(batch().bytes, START + batched);
            addedLocked(YamuxFrame.HEADER);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what {@link #writeLater} left when no other writer comes along; ends after {@link #end} or a failure, all written. */
    void laterLoop() {
        try {
            while (takePenForBatch()) {
                writeRest();
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    /** No frame is taken from now on; {@link #laterLoop} ends when all that was taken is written. */
    void end() {
        lock.lock();
        try {
            ended = true;
            room.signalAll();
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes everybody who waits to write; they get this cause. */
    void fail(IOException cause) {
        lock.lock();
        try {
            if (failure == null) {
                failure = cause;
            }
            if (batch != null) {
                takeBatchLocked().release();
            }
            end();
        } finally {
            lock.unlock();
        }
    }

    /** The {@link System#nanoTime} since when one write has been blocked, 0 while none is under way. */
    long writingSince() {
        return writingSince;
    }

    private boolean takePenOrBatch(byte[] buffer, int offset, int length, boolean mayTakePen) throws IOException {
        lock.lock();
        try {
            while (true) {
                checkWritableLocked();
                if (!penTaken && mayTakePen) {
                    penTaken = true;
                    return true;
                }
                if (batched + length <= BATCH - RESERVE) {
                    System.arraycopy(buffer, offset, batch().bytes, START + batched, length);
                    addedLocked(length);
                    return false;
                }
                awaitLocked(room);
            }
        } finally {
            lock.unlock();
        }
    }

    private void checkWritableLocked() throws StreamResetException {
        if (failure != null) {
            throw new StreamResetException("connection failed: " + failure.getMessage(), failure);
        }
        if (ended) {
            throw new StreamResetException("connection is closed");
        }
    }

    private boolean takePenForBatch() throws IOException {
        lock.lock();
        try {
            while (penTaken || batched == 0) {
                if (failure != null || ended && !penTaken && batched == 0) {
                    return false;
                }
                awaitLocked(left);
            }
            penTaken = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static void awaitLocked(Condition condition) throws StreamResetException {
        try {
            condition.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamResetException("interrupted while waiting for the remote peer", e);
        }
    }

    private void addedLocked(int length) {
        batched += length;
        if (!penTaken) {
            left.signal();
        }
    }

    /** With the pen: writes the batch until it is empty, then lays the pen down. */
    private void writeRest() throws IOException {
        while (writeBatched() || !layDownPen()) {
            // each round writes what others added during the one before
        }
    }

    private boolean writeBatched() throws IOException {
        Buffer full;
        int length;
        lock.lock();
        try {
            if (batched == 0) {
                return false;
            }
            length = batched;
            full = takeBatchLocked();
        } finally {
            lock.unlock();
        }
        try {
            writeOut(full.bytes, START, length);
        } finally {
            full.release();
        }
        return true;
    }

    private Buffer takeBatchLocked() {
        Buffer full = batch;
        batch = null;
        batched = 0;
        room.signalAll();
        return full;
    }

    private boolean layDownPen() {
        lock.lock();
        try {
            if (batched > 0) {
                return false;
            }
            layDownPenLocked();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The next of those whose frames do not fit into the batch may take it; {@link #laterLoop} now waits for the end only. */
    private void layDownPenLocked() {
        penTaken = false;
        room.signal();
        if (ended) {
            left.signal();
        }
    }

    private void writeOut(byte[] buffer, int offset, int length) throws IOException {
        writingSince = System.nanoTime() | 1;
        channel.write(buffer, offset, length);
        writingSince = 0;
    }

    private IOException failed(IOException cause) {
        lock.lock();
        try {
            fail(cause);
            layDownPenLocked();
            return new StreamResetException("connection failed: " + cause.getMessage(), cause);
        } finally {
            lock.unlock();
        }
    }

    private Buffer batch() {
        if (batch == null) {
            batch = pool.borrow();
        }
        return batch;
    }
}
