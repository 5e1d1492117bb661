package adit.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;

/** What is sent on one connection; each write is bounded in time, and a client that takes longer loses its connection. */
final class HttpOutput {
    /** A write of a heap buffer copies what remains of it into native memory: pieces keep that small. */
    private static final int PIECE_BYTES = 64 * 1024;

    private final SocketChannel channel;
    private final Deadlines deadlines;
    private final Duration timeout;

    HttpOutput(SocketChannel channel, Deadlines deadlines, Duration timeout) {
        this.channel = channel;
        this.deadlines = deadlines;
        this.timeout = timeout;
    }

    /** Sends the head and what follows it at once, so that a small answer is one write. */
    void write(String head, byte[] rest) throws IOException {
        byte[] start = head.getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[start.length + rest.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(rest, 0, all, start.length, rest.length);
        for (int from = 0; from < all.length; from += PIECE_BYTES) {
            writePiece(ByteBuffer.wrap(all, from, Math.min(PIECE_BYTES, all.length - from)));
        }
    }

    private void writePiece(ByteBuffer piece) throws IOException {
        Future<?> deadline = deadlines.after(timeout, this::closeChannel);
        try {
            while (piece.hasRemaining()) {
                channel.write(piece);
            }
        } finally {
            deadline.cancel(false);
        }
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // it is closed all the same, and the writer learns that from its own exception
        }
    }
}
