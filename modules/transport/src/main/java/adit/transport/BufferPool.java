package adit.transport;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lends {@link Buffer}s and keeps a few for the next borrower. Borrowing never waits: who holds buffers on behalf of a
 * peer counts them against a budget of its own ({@link #lent}).
 */
public final class BufferPool {
    private final ArrayBlockingQueue<Buffer> free;
    private final AtomicInteger lent = new AtomicInteger();

    /** @param kept how many unused buffers are kept, in buffers of {@link Buffer#CAPACITY} bytes */
    public BufferPool(int kept) {
        free = new ArrayBlockingQueue<>(kept);
    }

    /** A buffer with one reference, contents undefined. */
    public Buffer borrow() {
        Buffer buffer = free.poll();
        if (buffer == null) {
            buffer = new Buffer(this);
        }
        lent.incrementAndGet();
        buffer.borrowed();
        return buffer;
    }

    /** How many buffers are out now. */
    public int lent() {
        return lent.get();
    }

    void giveBack(Buffer buffer) {
        lent.decrementAndGet();
        free.offer(buffer);
    }
}
