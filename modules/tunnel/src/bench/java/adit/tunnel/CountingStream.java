package adit.tunnel;

import adit.transport.Connection;
import adit.transport.DirectTarget;
import adit.transport.Direction;
import adit.transport.Stream;
import adit.transport.StreamResetException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.GatheringByteChannel;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Takes everything that is sent, at once; nothing ever comes from it. */
final class CountingStream implements Stream {
    private final Semaphore sent = new Semaphore(0);

    /** Blocks until so many more bytes were sent. */
    void await(int bytes) throws InterruptedException {
        sent.acquire(bytes);
    }

    @Override public int awaitCredit() {
        return MAXIMUM_PAYLOAD;
    }

    @Override public void send(byte[] buffer, int offset, int length) {
        sent.release(length);
    }

    @Override public void write(byte[] from, int offset, int length) {
        sent.release(length);
    }

    @Override public Connection connection() {
        throw new UnsupportedOperationException();
    }

    @Override public long id() {
        return 1;
    }

    @Override public Direction direction() {
        return Direction.INBOUND;
    }

    @Override public String protocol() {
        return "/x/benchmark";
    }

    @Override public void setProtocol(String protocol) {
        throw new UnsupportedOperationException();
    }

    @Override public int read(byte[] into, int offset, int length) {
        return -1;
    }

    @Override public void transferDirectly(DirectTarget target) {
        throw new UnsupportedOperationException();
    }

    @Override public long transferTo(GatheringByteChannel target) {
        return -1;
    }

    @Override public void closeWrite() {}

    @Override public void reset() {}

    @Override public void onReset(Consumer<StreamResetException> action) {}

    @Override public void keepReceived() {}

    @Override public boolean isEnded() {
        return false;
    }

    @Override public void close() {}

    @Override public void setReadTimeout(Duration timeout) {}

    @Override public InputStream inputStream() {
        return InputStream.nullInputStream();
    }

    @Override public OutputStream outputStream() {
        return OutputStream.nullOutputStream();
    }
}
