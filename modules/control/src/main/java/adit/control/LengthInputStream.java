package adit.control;

import java.io.EOFException;
import java.io.IOException;

/** A body of a known length (RFC 9112 section 6.2); one that ends early is an EOFException, never a shorter body. */
final class LengthInputStream extends BodyInputStream {
    private final HttpInput input;
    private long left;

    LengthInputStream(HttpInput input, long length) {
        this.input = input;
        this.left = length;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            return -1;
        }
        int count = input.read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("connection ended inside a body");
        }
        left -= count;
        return count;
    }
}
