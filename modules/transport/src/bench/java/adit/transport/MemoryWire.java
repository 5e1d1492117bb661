package adit.transport;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** One direction of a connection without a kernel: bytes wait in an array until they are read. The monitor guards it. */
final class MemoryWire {
    private static final int CAPACITY = 256 * 1024;

    private final byte[] bytes = new byte[CAPACITY];
    private int start;
    private int end;
    private boolean ended;

    /** Reads from the one and writes to the other. */
    static ByteChannel channel(MemoryWire in, MemoryWire out) {
        return new ByteChannel() {
            @Override public int read(ByteBuffer into) throws IOException {
                return in.take(into);
            }

            @Override public int write(ByteBuffer from) {
                return out.put(from);
            }

            @Override public boolean isOpen() {
                return true;
            }

            @Override public void close() {
                in.end();
                out.end();
            }
        };
    }

    synchronized void clear() {
        start = 0;
        end = 0;
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    private synchronized int put(ByteBuffer from) {
        int length = from.remaining();
        if (length > CAPACITY - end) {
            throw new BufferOverflowException();
        }
        from.get(bytes, end, length);
        end += length;
        notifyAll();
        return length;
    }

    private synchronized int take(ByteBuffer into) throws IOException {
        try {
            while (start == end && into.hasRemaining()) {
                if (ended) {
                    return -1;
                }
                wait();
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
        int length = Math.min(into.remaining(), end - start);
        into.put(bytes, start, length);
        start += length;
        if (start == end) {
            clear();
        }
        return length;
    }
}
