package adit.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The receiving half of a protocol of encrypted records: reads as much as fits with one call, opens every complete
 * record within the same buffer, and hands all their plaintext out as one segment.
 *
 * <p>While it waits for the first byte of a record it holds no pooled buffer, so thousands of idle connections cost a
 * small array each. One thread reads; another may close. What is left over between two calls lies in {@link #held}, and
 * whoever takes it out of there owns it: so neither the reader nor close can release it twice.
 */
final class RecordInput {
    /** How a protocol frames and opens its records. */
    interface Opener {
        /** Bytes at the start of a record that tell its length. */
        int headerBytes();

        /** The whole record's length, at most {@link #LARGEST_RECORD}, from its header. */
        int recordBytes(byte[] bytes, int header) throws IOException;

        /**
         * Opens a complete record and puts its plaintext to an offset at or before the record's own.
         *
         * @return bytes of plaintext; 0 is legal; -1 when the record announces the end
         */
        int open(byte[] bytes, int record, int length, int into) throws IOException;
    }

    /** A full Noise record; TLS records are smaller. */
    static final int LARGEST_RECORD = 2 + 65_535;

    private static final int WAITING_BYTES = 2048;

    private final ReadableByteChannel channel;
    private final BufferPool pool;
    private final Opener opener;
    private final ByteBuffer waiting = ByteBuffer.allocate(WAITING_BYTES);
    private final AtomicReference<Buffer> held = new AtomicReference<>();
    private volatile boolean closed;

    // The reader's own: the buffer in hand, and what of it is received but not opened.
    private Buffer buffer;
    private int start;
    private int end;
    private boolean ended;
    private IOException failure;

    RecordInput(ReadableByteChannel channel, BufferPool pool, Opener opener) {
        this.channel = channel;
        this.pool = pool;
        this.opener = opener;
    }

    /** Takes over a buffer whose bytes from start to end arrived already, behind the handshake. */
    void resume(Buffer received, int from, int to) {
        buffer = received;
        start = from;
        end = to;
        putDown();
    }

    /** See {@link SecureChannel#read}. After a failure every call fails in the same way. */
    Segment read() throws IOException {
        if (failure != null) {
            throw failure;
        }
        buffer = held.getAndSet(null);
        try {
            return readRecords();
        } catch (IOException e) {
            failure = e;
            throw e;
        } finally {
            putDown();
        }
    }

    /** Gives back what is held; the reader gives back what it has in hand. Idempotent. */
    void close() {
        closed = true;
        Buffer left = held.getAndSet(null);
        if (left != null) {
            left.release();
        }
    }

    /* A flood of records without plaintext keeps this loop busy, but no longer than the remote peer pays in bytes. */
    private Segment readRecords() throws IOException {
        while (!ended) {
            if (buffer != null) {
                int from = start;
                int opened = openRecords();
                if (opened > 0) {
                    return handOut(from, opened);
                }
            }
            if (!ended && !fill()) {
                ended = true;
            }
        }
        return null;
    }

    /** Opens every complete record; their plaintext is joined where the first record began. */
    private int openRecords() throws IOException {
        int from = start;
        int into = from;
        while (end - start >= opener.headerBytes()) {
            int length = opener.recordBytes(buffer.bytes, start);
            if (end - start < length) {
                break;
            }
            int opened = opener.open(buffer.bytes, start, length, into);
            if (opened < 0) {
                ended = true;
                start = end;
                break;
            }
            into += opened;
            start += length;
        }
        return into - from;
    }

    private Segment handOut(int offset, int length) {
        Buffer full = buffer;
        if (start == end) {
            buffer = null;
        } else if (Buffer.CAPACITY - start >= LARGEST_RECORD) {
            full.retain();
        } else {
            moveToFreshBuffer();
        }
        return new Segment(full, offset, length);
    }

    /** Reads once; false at the end. */
    private boolean fill() throws IOException {
        if (buffer != null && start == end) {
            release();
        }
        if (buffer == null) {
            return await();
        }
        if (Buffer.CAPACITY - start < LARGEST_RECORD) {
            Buffer full = buffer;
            moveToFreshBuffer();
            full.release();
        }
        int count = channel.read(ByteBuffer.wrap(buffer.bytes, end, Buffer.CAPACITY - end));
        end += Math.max(count, 0);
        return count >= 0;
    }

    private boolean await() throws IOException {
        waiting.clear();
        int count = channel.read(waiting);
        if (count < 0) {
            return false;
        }
        buffer = pool.borrow();
        start = 0;
        end = count;
        System.arraycopy(waiting.array(), 0, buffer.bytes, 0, count);
        return true;
    }

    private void moveToFreshBuffer() {
        Buffer fresh = pool.borrow();
        System.arraycopy(buffer.bytes, start, fresh.bytes, 0, end - start);
        buffer = fresh;
        end -= start;
        start = 0;
    }

    private void putDown() {
        if (buffer == null) {
            return;
        }
        if (start == end || ended || failure != null) {
            release();
            return;
        }
        held.set(buffer);
        buffer = null;
        if (closed) {
            close();
        }
    }

    private void release() {
        buffer.release();
        buffer = null;
    }
}
