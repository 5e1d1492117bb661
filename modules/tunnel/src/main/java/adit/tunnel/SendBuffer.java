package adit.tunnel;

import adit.transport.Buffer;
import adit.transport.BufferPool;
import adit.transport.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where one direction reads its bytes to, with the rooms around the payload that {@link Stream#send} wants. It owns a
 * small array and borrows a large buffer only from a read that finds more than the array holds until that was sent: a
 * stream that waits, for its local end or for credit, holds no large buffer. Used by one thread.
 */
final class SendBuffer implements AutoCloseable {
    /** Payload of the small array; more than a keystroke, less than is worth a pooled buffer. */
    static final int SMALL_PAYLOAD = 2048;

    /** While the process has lent that many buffers, the small array must do: many busy streams share one connection anyway. */
    static final int MAXIMUM_LENT = 64;

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
        if (filled && local.isLikelyReadable()) {
            borrow();
        }
        int room = Math.min(limit, large == null ? SMALL_PAYLOAD : Stream.MAXIMUM_PAYLOAD);
        int length = read(local, 0, room);
        if (large == null && length == SMALL_PAYLOAD && limit > length && local.isReadable() && borrow()) {
            System.arraycopy(small, Stream.HEADROOM, large.bytes, Stream.HEADROOM, SMALL_PAYLOAD);
            room = Math.min(limit, Stream.MAXIMUM_PAYLOAD);
            length += Math.max(0, read(local, length, room - length));
        }
        filled = length == room;
        return length;
    }

    private int read(LocalEnd local, int payloadOffset, int length) throws IOException {
        return local.read(ByteBuffer.wrap(bytes(), Stream.HEADROOM + payloadOffset, length));
    }

    private boolean borrow() {
        if (pool.lent() < MAXIMUM_LENT) {
            large = pool.borrow();
        }
        return large != null;
    }

    /** Gives the large buffer back; to be called once the payload was sent. */
    @Override public void close() {
        if (large != null) {
            large.release();
            large = null;
        }
    }
}
