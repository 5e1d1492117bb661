package adit.transport;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A large byte array from a {@link BufferPool}, shared by counting: whoever hands out one more reference calls
 * {@link #retain}, and each holder calls {@link #release} exactly once.
 */
public final class Buffer {
    /** Usable bytes of every buffer. */
    public static final int CAPACITY = 128 * 1024 + 64;

    /** The bytes; heap, because JCE is up to three times slower on direct buffers. */
    public final byte[] bytes = new byte[CAPACITY];

    private final BufferPool pool;
    private final AtomicInteger references = new AtomicInteger();
    private final AtomicInteger pins = new AtomicInteger();

    Buffer(BufferPool pool) {
        this.pool = pool;
    }

    void borrowed() {
        references.set(1);
    }

    /** One more holder. */
    public void retain() {
        references.incrementAndGet();
    }

    /** Retains on behalf of received data that waits; returns the memory that the first such holder takes, bytes. */
    int pin() {
        retain();
        return pins.getAndIncrement() == 0 ? CAPACITY : 0;
    }

    /** Releases likewise; returns the memory that the last such holder frees, bytes. */
    int unpin() {
        int freed = pins.decrementAndGet() == 0 ? CAPACITY : 0;
        release();
        return freed;
    }

    /** One holder less; the last one gives the buffer back to its pool. */
    public void release() {
        int left = references.decrementAndGet();
        assert left >= 0 : "released once too often";
        if (left == 0) {
            pool.giveBack(this);
        }
    }
}
