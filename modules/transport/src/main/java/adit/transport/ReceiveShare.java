package adit.transport;

import java.util.concurrent.atomic.AtomicLong;

/** What the streams of one connection hold of the {@link ReceiveBudget}. */
final class ReceiveShare {
    private final ReceiveBudget budget;
    private final AtomicLong held = new AtomicLong();

    ReceiveShare(ReceiveBudget budget) {
        this.budget = budget;
    }

    ReceiveBudget budget() {
        return budget;
    }

    /** Bytes of memory. */
    long held() {
        return held.get();
    }

    /** A new chunk waits for its reader. */
    Chunk hold(Buffer buffer, int offset, int length, boolean behind) {
        Chunk chunk = Chunk.of(buffer, offset, length, behind);
        change(chunk.pin());
        return chunk;
    }

    void let(Chunk chunk) {
        change(-chunk.unpin());
    }

    private void change(int bytes) {
        if (bytes != 0) {
            held.addAndGet(bytes);
            budget.change(bytes);
        }
    }
}
