package adit.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;

/** What one stream has received and nobody has read yet, counted in its connection's share. Guarded by the stream's monitor, but for {@link #writeAll}. */
final class ReceiveQueue {
    /** Chunks written to a target with one call. */
    private static final int GATHERED = 16;

    /** With more bytes than this unread, the reader is behind. */
    private static final int BEHIND = 16 * Buffer.CAPACITY;

    private final ReceiveShare share;
    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>(2);
    private long bytes;

    ReceiveQueue(ReceiveShare share) {
        this.share = share;
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    void add(Buffer buffer, int offset, int length) {
        chunks.add(share.hold(buffer, offset, length, bytes > BEHIND));
        bytes += length;
    }

    /** Moves as many bytes as there are and fit. */
    int read(byte[] into, int offset, int length) {
        int moved = 0;
        while (moved < length && !chunks.isEmpty()) {
            Chunk chunk = chunks.peek();
            moved += chunk.read(into, offset + moved, length - moved);
            if (chunk.length() == 0) {
                share.let(chunks.remove());
            }
        }
        bytes -= moved;
        return moved;
    }

    /** Hands over the oldest chunks for {@link #writeAll}. */
    Chunk[] take() {
        Chunk[] taken = new Chunk[Math.min(GATHERED, chunks.size())];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = chunks.remove();
            bytes -= taken[i].length();
        }
        return taken;
    }

    /** Without the monitor: writes the chunks, blocking, and lets go of them whatever happens. Returns their bytes. */
    long writeAll(Chunk[] taken, GatheringByteChannel target) throws IOException {
        try {
            ByteBuffer[] buffers = new ByteBuffer[taken.length];
            long left = 0;
            for (int i = 0; i < taken.length; i++) {
                buffers[i] = taken[i].toByteBuffer();
                left += taken[i].length();
            }
            long total = left;
            while (left > 0) {
                left -= target.write(buffers);
            }
            return total;
        } finally {
            for (Chunk chunk : taken) {
                share.let(chunk);
            }
        }
    }

    void drop() {
        while (!chunks.isEmpty()) {
            share.let(chunks.remove());
        }
        bytes = 0;
    }
}
