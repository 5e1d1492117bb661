package adit.transport;

import java.nio.ByteBuffer;

/** Received bytes that wait in a stream: a range of a shared buffer, or a small copy that pins none. */
final class Chunk {
    /** Up to this many bytes are copied: a few bytes must not keep a whole {@link Buffer} from its pool. */
    static final int COPIED = Buffer.CAPACITY / 8;

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

    /** Retains the buffer or copies from it; the caller keeps its own reference. */
    static Chunk of(Buffer buffer, int offset, int length) {
        if (length <= COPIED) {
            byte[] copy = new byte[length];
            System.arraycopy(buffer.bytes, offset, copy, 0, length);
            return new Chunk(copy, 0, length, null);
        }
        buffer.retain();
        return new Chunk(buffer.bytes, offset, length, buffer);
    }

    int length() {
        return length;
    }

    /** How many bytes this chunk holds beside pooled buffers. */
    int copied() {
        return owner == null ? bytes.length : 0;
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

    void release() {
        if (owner != null) {
            owner.release();
        }
    }
}
