package adit.control;

import java.io.IOException;
import java.io.InputStream;

/** What the streams of HTTP bodies have in common: reading one byte is reading an array of one. */
abstract class BodyInputStream extends InputStream {
    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public abstract int read(byte[] target, int offset, int length) throws IOException;
}
