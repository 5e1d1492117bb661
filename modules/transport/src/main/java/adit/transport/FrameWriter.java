package adit.transport;

import java.io.IOException;

/**
 * Puts frames on the wire, one record and one system call for all that is ready.
 *
 * <p>The monitor guards the batch and the pen. Whoever finds the pen free takes it, writes its own frame straight from
 * its own buffer, then whatever others put into the batch meanwhile; whoever finds it taken copies its frame into the
 * batch and goes on, or waits while the batch is full. Only the holder of the pen writes to the channel, without the
 * monitor. So a lone frame goes out at once and uncopied, and many streams share records.
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
    synchronized boolean writeLater(YamuxFrame frame) {
        if (ended || failure != null) {
            return true;
        }
        if (batched + YamuxFrame.HEADER > BATCH) {
            return false;
        }
        frame.encode(batch().bytes, START + batched);
        batched += YamuxFrame.HEADER;
        if (!penTaken) {
            notifyAll();
        }
        return true;
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
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Wakes everybody who waits to write; they get this cause. */
    synchronized void fail(IOException cause) {
        if (failure == null) {
            failure = cause;
        }
        ended = true;
        if (batch != null) {
            batch.release();
            batch = null;
            batched = 0;
        }
        notifyAll();
    }

    /** The {@link System#nanoTime} since when one write has been blocked, 0 while none is under way. */
    long writingSince() {
        return writingSince;
    }

    private synchronized boolean takePenOrBatch(byte[] buffer, int offset, int length, boolean mayTakePen) throws IOException {
        while (true) {
            if (failure != null) {
                throw new StreamResetException("connection failed: " + failure.getMessage(), failure);
            }
            if (ended) {
                throw new StreamResetException("connection is closed");
            }
            if (!penTaken && mayTakePen) {
                penTaken = true;
                return true;
            }
            if (batched + length <= BATCH - RESERVE) {
                System.arraycopy(buffer, offset, batch().bytes, START + batched, length);
                batched += length;
                if (!penTaken) {
                    notifyAll();
                }
                return false;
            }
            TimedWait.once(this, 0);
        }
    }

    private synchronized boolean takePenForBatch() throws IOException {
        while (penTaken || batched == 0) {
            if (failure != null || ended && !penTaken && batched == 0) {
                return false;
            }
            TimedWait.once(this, 0);
        }
        penTaken = true;
        return true;
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
        synchronized (this) {
            if (batched == 0) {
                return false;
            }
            full = batch;
            length = batched;
            batch = null;
            batched = 0;
            notifyAll();
        }
        try {
            writeOut(full.bytes, START, length);
        } finally {
            full.release();
        }
        return true;
    }

    private synchronized boolean layDownPen() {
        if (batched > 0) {
            return false;
        }
        penTaken = false;
        notifyAll();
        return true;
    }

    private void writeOut(byte[] buffer, int offset, int length) throws IOException {
        writingSince = System.nanoTime() | 1;
        channel.write(buffer, offset, length);
        writingSince = 0;
    }

    private IOException failed(IOException cause) {
        fail(cause);
        synchronized (this) {
            penTaken = false;
            return new StreamResetException("connection failed: " + cause.getMessage(), cause);
        }
    }

    private Buffer batch() {
        if (batch == null) {
            batch = pool.borrow();
        }
        return batch;
    }
}
