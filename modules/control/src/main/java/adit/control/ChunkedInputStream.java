package adit.control;

import java.io.EOFException;
import java.io.IOException;

/**
 * A body in chunks (RFC 9112 section 7.1). Chunk extensions are skipped, the trailer section is kept.
 *
 * <pre>
 * 1a;extension CR LF | 26 bytes | CR LF | … | 0 CR LF | trailer fields | CR LF
 * </pre>
 */
final class ChunkedInputStream extends BodyInputStream {
    /** Bytes of a chunk's size line: 15 digits and room for an extension. */
    private static final int MAXIMUM_SIZE_LINE = 256;
    private static final int MAXIMUM_SIZE_DIGITS = 15;
    private static final int MAXIMUM_TRAILERS = 8 * 1024;

    private final HttpInput input;
    private long leftInChunk;
    private boolean isFirst = true;
    private Headers trailers;

    ChunkedInputStream(HttpInput input) {
        this.input = input;
    }

    /** The trailer section, null until the end was read. */
    Headers trailers() {
        return trailers;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (trailers == null && leftInChunk == 0) {
            beginChunk();
        }
        if (trailers != null) {
            return -1;
        }
        int count = input.read(target, offset, (int) Math.min(length, leftInChunk));
        if (count < 0) {
            throw new EOFException("connection ended inside a chunk");
        }
        leftInChunk -= count;
        return count;
    }

    private void beginChunk() throws IOException {
        if (!isFirst && !input.readLine(0, 400).isEmpty()) {
            throw new HttpException(400, "chunk is longer than its size");
        }
        isFirst = false;
        leftInChunk = size(input.readLine(MAXIMUM_SIZE_LINE, 400));
        if (leftInChunk == 0) {
            trailers = Headers.read(input, MAXIMUM_TRAILERS);
        }
    }

    private static long size(String line) throws HttpException {
        int end = line.indexOf(';');
        String digits = (end < 0 ? line : line.substring(0, end)).stripTrailing();
        if (digits.isEmpty() || digits.length() > MAXIMUM_SIZE_DIGITS) {
            throw new HttpException(400, "malformed chunk size");
        }
        long size = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) > 0x7f ? -1 : Character.digit(digits.charAt(i), 16);
            if (digit < 0) {
                throw new HttpException(400, "malformed chunk size");
            }
            size = size << 4 | digit;
        }
        return size;
    }
}
