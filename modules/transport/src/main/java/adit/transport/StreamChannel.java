package adit.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.GatheringByteChannel;

/** A stream of one connection as the channel that another connection runs over: the circuit of a relay. Buffers must be on the heap. */
final class StreamChannel implements ByteChannel, GatheringByteChannel {
    private final Stream stream;
    private final CircuitLimit limit;
    private volatile boolean open = true;

    StreamChannel(Stream stream, CircuitLimit limit) {
        this.stream = stream;
        this.limit = limit;
    }

    @Override public int read(ByteBuffer into) throws IOException {
        int count = stream.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
        if (count > 0) {
            into.position(into.position() + count);
            limit.received(count);
        }
        return count;
    }

    @Override public int write(ByteBuffer from) throws IOException {
        int count = from.remaining();
        stream.write(from.array(), from.arrayOffset() + from.position(), count);
        from.position(from.limit());
        limit.sent(count);
        return count;
    }

    @Override public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        long count = 0;
        for (int i = offset; i < offset + length; i++) {
            count += write(from[i]);
        }
        return count;
    }

    @Override public long write(ByteBuffer[] from) throws IOException {
        return write(from, 0, from.length);
    }

    @Override public boolean isOpen() {
        return open;
    }

    /** At once, and for both directions: whoever runs over it has said its farewell already. */
    @Override public void close() {
        open = false;
        stream.reset();
    }
}
