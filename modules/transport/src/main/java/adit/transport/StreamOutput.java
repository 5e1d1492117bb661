package adit.transport;

import java.io.IOException;
import java.io.OutputStream;

/** A stream's writing side as java.io. */
final class StreamOutput extends OutputStream {
    private static final int COPIED_AT_A_TIME = 8 * 1024;

    private final YamuxStream stream;

    StreamOutput(YamuxStream stream) {
        this.stream = stream;
    }

    @Override public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override public void write(byte[] from, int offset, int length) throws IOException {
        byte[] frame = new byte[Stream.HEADROOM + Math.min(length, COPIED_AT_A_TIME) + Stream.TAILROOM];
        int done = 0;
        while (done < length) {
            int part = Math.min(Math.min(stream.awaitCredit(), length - done), COPIED_AT_A_TIME);
            System.arraycopy(from, offset + done, frame, Stream.HEADROOM, part);
            send(frame, part);
            done += part;
        }
    }

    /** Who opens a stream may be a caller that gives up and is interrupted; the thread of an inbound stream is nobody's to interrupt. */
    private void send(byte[] frame, int length) throws IOException {
        if (stream.direction() == Direction.INBOUND) {
            stream.send(frame, Stream.HEADROOM, length);
        } else {
            stream.sendQueued(frame, Stream.HEADROOM, length);
        }
    }

    @Override public void close() throws IOException {
        stream.closeWrite();
    }
}
