package adit.transport;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that received data may hold in the whole process. Each stream's window bounds that stream; this bounds
 * their sum, so that many streams whose readers are slow (or a peer that opens them for that end) cannot fill the heap.
 * Over the limit the connections that hold more than an even part of it are not read any further, and TCP stops their
 * peers; when nobody takes anything for {@link #PATIENCE}, the connection's stream that holds most is reset. Windows grow
 * only while there is room. The monitor is what those who wait for room wait on.
 */
final class ReceiveBudget {
    /** Less than the time a ping may take: the connection that waits answers none. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    /**
     * Windows grow to a quarter of the limit in all: one fast stream never reaches the limit by itself. It would stop its own
     * connection's reader, behind which the credit waits that could empty its queue.
     */
    private static final int GROWTH = 4;

    private final long limit;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong granted = new AtomicLong();
    private final AtomicInteger shares = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();

    /** @param limit bytes */
    ReceiveBudget(long limit) {
        this.limit = limit;
    }

    /** One connection more. */
    ReceiveShare open() {
        shares.incrementAndGet();
        return new ReceiveShare(this);
    }

    /** One connection less. */
    void leave() {
        shares.decrementAndGet();
    }

    /** Bytes of memory. */
    long held() {
        return held.get();
    }

    void change(int bytes) {
        held.addAndGet(bytes);
        if (bytes < 0 && waiting.get() > 0) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    boolean isExceededBy(ReceiveShare share) {
        return held.get() > limit && share.held() > limit / Math.max(1, shares.get());
    }

    /** Blocks while the limit is exceeded by that connection. False when that stayed so for {@link #PATIENCE}. */
    boolean awaitRoom(ReceiveShare share) {
        if (!isExceededBy(share)) {
            return true;
        }
        waiting.incrementAndGet();
        try {
            return awaitRoomNow(share);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            waiting.decrementAndGet();
        }
    }

    private synchronized boolean awaitRoomNow(ReceiveShare share) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (long left = PATIENCE.toMillis(); isExceededBy(share); left = (end - System.nanoTime()) / 1_000_000) {
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Asks for a window larger by that many bytes; what was granted is given back with {@link #giveBack}. */
    boolean grant(int bytes) {
        if (granted.addAndGet(bytes) <= limit / GROWTH) {
            return true;
        }
        granted.addAndGet(-bytes);
        return false;
    }

    void giveBack(int bytes) {
        granted.addAndGet(-bytes);
    }
}
