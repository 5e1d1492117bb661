package adit.control;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;

/** What arrives on one connection, through one small buffer; used by one thread at a time. */
final class HttpInput {
    private static final int BUFFER_BYTES = 4096;

    private final ReadableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();

    HttpInput(ReadableByteChannel channel) {
        this.channel = channel;
    }

    boolean isBuffered() {
        return buffer.hasRemaining();
    }

    /** Waits for a byte without taking it; false at the end of input. */
    boolean await() throws IOException {
        while (!buffer.hasRemaining()) {
            buffer.clear();
            int count = -1;
            try {
                count = channel.read(buffer);
            } finally {
                buffer.flip();
            }
            if (count < 0) {
                return false;
            }
        }
        return true;
    }

    /** The next byte, -1 at the end of input. */
    int read() throws IOException {
        return await() ? buffer.get() & 0xff : -1;
    }

    /** At least one byte, -1 at the end of input. */
    int read(byte[] target, int offset, int length) throws IOException {
        if (!await()) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(target, offset, count);
        return count;
    }

    /** Takes what has arrived and was not read. */
    byte[] takeBuffered() {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /**
     * One line, without its CR LF, as ISO 8859-1 so that a char is a byte (RFC 9112 section 2.2). A bare LF or CR is refused: what one
     * parser takes for the end of a line and another does not is how requests are smuggled.
     *
     * @param limit bytes of the line at most
     * @param tooLongStatus what a longer line is refused with
     */
    String readLine(int limit, int tooLongStatus) throws IOException {
        var line = new StringBuilder(64);
        for (;;) {
            int next = readInside();
            if (next == '\r') {
                if (readInside() != '\n') {
                    throw new HttpException(400, "bare CR in the header");
                }
                return line.toString();
            }
            if (next < ' ' && next != '\t' || next == 0x7f) {
                throw new HttpException(400, next == '\n' ? "lines end with CR LF" : "control byte in the header");
            }
            if (line.length() == limit) {
                throw new HttpException(tooLongStatus, "header or request line is too long");
            }
            line.append((char) next);
        }
    }

    private int readInside() throws IOException {
        int next = read();
        if (next < 0) {
            throw new EOFException("connection ended inside a message");
        }
        return next;
    }

    /** Text of header fields that may carry UTF-8. */
    static String utf8(String line) {
        return new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
