package adit.transport;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lends {@link Buffer}s and keeps a few for the next borrower. Borrowing never waits: received data that keeps buffers is
 * counted in a {@link ReceiveBudget}, and who can do without one looks at {@link #lent} first.
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

    /** Leaves all unused buffers to the garbage collector; for a moment when few are borrowed. */
    public void drop() {
        free.clear();
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
