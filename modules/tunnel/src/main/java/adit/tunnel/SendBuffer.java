package adit.tunnel;

import adit.transport.Buffer;
import adit.transport.BufferPool;
import adit.transport.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where one direction reads its bytes to, with the rooms around the payload that {@link Stream#send} wants. It owns a
 * small array and borrows a large buffer only while more bytes wait than the array holds: thousands of idle streams,
 * also those that were busy once, hold no large buffer. Used by one thread.
 */
final class SendBuffer implements AutoCloseable {
    /** Payload of the small array; more than a keystroke, less than is worth a pooled buffer. */
    static final int SMALL_PAYLOAD = 2048;

    private final BufferPool pool;
    private final byte[] small = new byte[Stream.HEADROOM + SMALL_PAYLOAD + Stream.TAILROOM];
    private Buffer large;
    /** Whether the last read got all it had room for. */
    private boolean filled;

    SendBuffer(BufferPool pool) {
        this.pool = pool;
    }

    /** The payload begins at {@link Stream#HEADROOM}. */
    byte[] bytes() {
        return large == null ? small : large.bytes;
    }

    /** Reads what the local end has, at most limit bytes; blocks until there is something; -1 at the end. */
    int fill(LocalEnd local, int limit) throws IOException {
        int room = Math.min(limit, large == null ? SMALL_PAYLOAD : Stream.MAXIMUM_PAYLOAD);
        int length = read(local, 0, room);
        if (large == null && length == SMALL_PAYLOAD && limit > length && local.isReadable()) {
            grow();
            room = Math.min(limit, Stream.MAXIMUM_PAYLOAD);
            length += Math.max(0, read(local, length, room - length));
        }
        filled = length == room;
        return length;
    }

    /** After the payload was sent: chooses the size for the next one. */
    void settle(LocalEnd local) throws IOException {
        if (large != null && !local.isLikelyReadable(filled)) {
            close();
        } else if (large == null && filled && local.isLikelyReadable(true)) {
            large = pool.borrow();
        }
    }

    private int read(LocalEnd local, int payloadOffset, int length) throws IOException {
        return local.read(ByteBuffer.wrap(bytes(), Stream.HEADROOM + payloadOffset, length));
    }

    private void grow() {
        large = pool.borrow();
        System.arraycopy(small, Stream.HEADROOM, large.bytes, Stream.HEADROOM, SMALL_PAYLOAD);
    }

    /** Gives the large buffer back. */
    @Override public void close() {
        if (large != null) {
            large.release();
            large = null;
        }
    }
}
