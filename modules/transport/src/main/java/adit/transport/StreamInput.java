package adit.transport;

import java.io.IOException;
import java.io.InputStream;

/** A stream's reading side as java.io. */
final class StreamInput extends InputStream {
    private final YamuxStream stream;

    StreamInput(YamuxStream stream) {
        this.stream = stream;
    }

    @Override public int read() throws IOException {
        byte[] one = new byte[1];
        return stream.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override public int read(byte[] into, int offset, int length) throws IOException {
        return stream.read(into, offset, length);
    }

    /** What can be read without blocking. */
    @Override public int available() {
        return (int) Math.min(stream.queued(), Integer.MAX_VALUE);
    }
}
