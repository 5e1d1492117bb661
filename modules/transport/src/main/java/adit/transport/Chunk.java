package adit.transport;

import java.nio.ByteBuffer;

/** Received bytes that wait in a stream: a range of a shared buffer, or a small copy that pins none. */
final class Chunk {
    /**
     * Up to this many bytes are copied: a few bytes must not keep a whole {@link Buffer} from its pool. A full record of TLS is not: copying
     * those made a third of a listener's garbage.
     */
    static final int COPIED = 16_000;

    /** Up to this many are copied when the stream's reader is behind: then memory is dearer than copying. */
    static final int COPIED_BEHIND = Buffer.CAPACITY / 2;

    private final byte[] bytes;
    private final Buffer owner;
    private int offset;
    private int length;

    private Chunk(byte[] bytes, int offset, int length, Buffer owner) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.owner = owner;
    }

    /**
     * A range of the buffer, which {@link #pin} keeps, or a copy from it.
     *
     * @param behind the chunk will wait behind many others
     */
    static Chunk of(Buffer buffer, int offset, int length, boolean behind) {
        if (length <= (behind ? COPIED_BEHIND : COPIED)) {
            byte[] copy = new byte[length];
            System.arraycopy(buffer.bytes, offset, copy, 0, length);
            return new Chunk(copy, 0, length, null);
        }
        return new Chunk(buffer.bytes, offset, length, buffer);
    }

    int length() {
        return length;
    }

    ByteBuffer toByteBuffer() {
        return ByteBuffer.wrap(bytes, offset, length);
    }

    /** Moves up to that many bytes out. */
    int read(byte[] into, int at, int most) {
        int moved = Math.min(most, length);
        System.arraycopy(bytes, offset, into, at, moved);
        offset += moved;
        length -= moved;
        return moved;
    }

    /** Once, before the reader gives its reference back. Returns the bytes of memory that are held now and were not before. */
    int pin() {
        return owner == null ? bytes.length : owner.pin();
    }

    /** Once, when it is read or dropped. Returns the bytes of memory that are free now. */
    int unpin() {
        return owner == null ? bytes.length : owner.unpin();
    }
}
