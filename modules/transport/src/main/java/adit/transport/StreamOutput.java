package adit.transport;

import java.io.IOException;
import java.io.OutputStream;

/** A stream's writing side as java.io. */
final class StreamOutput extends OutputStream {
    private final Stream stream;

    StreamOutput(Stream stream) {
        this.stream = stream;
    }

    @Override public void write(int one) throws IOException {
        stream.write(new byte[] {(byte) one}, 0, 1);
    }

    @Override public void write(byte[] from, int offset, int length) throws IOException {
        stream.write(from, offset, length);
    }

    @Override public void close() throws IOException {
        stream.closeWrite();
    }
}
