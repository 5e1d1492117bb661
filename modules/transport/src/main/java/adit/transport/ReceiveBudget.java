package adit.transport;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that received data may hold in the whole process. Each stream's window bounds that stream; this bounds
 * their sum, so that many streams whose readers are slow (or a peer that opens them for that end) cannot fill the heap.
 * Over the limit the stream that holds most is reset; windows grow only while there is room.
 */
final class ReceiveBudget {
    private final long limit;
    private final BufferPool pool;
    private final AtomicLong copied = new AtomicLong();
    private final AtomicLong granted = new AtomicLong();
    private final Set<YamuxConnection> connections = ConcurrentHashMap.newKeySet();

    /** @param limit bytes */
    ReceiveBudget(long limit, BufferPool pool) {
        this.limit = limit;
        this.pool = pool;
    }

    void join(YamuxConnection connection) {
        connections.add(connection);
    }

    void leave(YamuxConnection connection) {
        connections.remove(connection);
    }

    void holds(Chunk chunk) {
        copied.addAndGet(chunk.copied());
    }

    void lets(Chunk chunk) {
        copied.addAndGet(-chunk.copied());
        chunk.release();
    }

    boolean isExceeded() {
        return copied.get() + (long) pool.lent() * Buffer.CAPACITY > limit;
    }

    /** Resets the stream that holds most. */
    void relieve() {
        YamuxStream fattest = null;
        for (YamuxConnection connection : connections) {
            YamuxStream candidate = connection.fattestStream();
            if (candidate != null && (fattest == null || candidate.queued() > fattest.queued())) {
                fattest = candidate;
            }
        }
        if (fattest != null) {
            fattest.abort("reset: received data waits unread and the memory for it is used up", true);
        }
    }

    /** Asks for a window larger by that many bytes; what was granted is given back with {@link #giveBack}. */
    boolean grant(int bytes) {
        if (granted.addAndGet(bytes) <= limit) {
            return true;
        }
        granted.addAndGet(-bytes);
        return false;
    }

    void giveBack(int bytes) {
        granted.addAndGet(-bytes);
    }
}
