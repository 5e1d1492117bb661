package adit.control;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Bytes that arrive a few at a time, then the end. */
final class PiecewiseChannel implements ReadableByteChannel {
    private final ByteBuffer bytes;
    private final int pieceBytes;

    PiecewiseChannel(byte[] bytes, int pieceBytes) {
        this.bytes = ByteBuffer.wrap(bytes);
        this.pieceBytes = pieceBytes;
    }

    @Override
    public int read(ByteBuffer target) {
        if (!bytes.hasRemaining()) {
            return -1;
        }
        int count = Math.min(pieceBytes, Math.min(target.remaining(), bytes.remaining()));
        target.put(bytes.slice(bytes.position(), count));
        bytes.position(bytes.position() + count);
        return count;
    }

    int consumed() {
        return bytes.position();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // nothing is held
    }
}
