package adit.cli;

import adit.transport.BufferPool;
import java.time.Duration;

/**
 * Gives garbage back to the system, and buffers that nobody uses. The JVM's serial collector lets the heap grow to its limit before it looks
 * what of it is garbage, and shrinks it only then: a daemon that had once carried ten thousand connections kept 120 MB of nothing. Called
 * from one thread.
 */
final class HeapTrim {
    /** How often to look. */
    static final Duration PERIOD = Duration.ofSeconds(5);

    /** A heap this small is left alone: a collection would not pay. */
    private static final long SMALL = 7L << 20;

    /** Nor below this, while somebody would notice it. */
    private static final long SMALL_AND_BUSY = 24L << 20;

    /** With less than this allocated since the last look nobody is there who would notice a pause, some 20 ms. */
    private static final long QUIET = 512L << 10;

    private final BufferPool pool;
    private long settled = SMALL;
    private long lastCommitted;
    private long lastFree;

    /** @param pool whose unused buffers are a part of the heap */
    HeapTrim(BufferPool pool) {
        this.pool = pool;
    }

    /** Looks, and collects when that is due. */
    void look() {
        Runtime runtime = Runtime.getRuntime();
        if (isDue(runtime.totalMemory(), runtime.freeMemory())) {
            pool.drop();
            System.gc();
            collected(runtime.totalMemory());
        }
    }

    /**
     * Whether the heap has grown enough since the last collection here: by a quarter while it is quiet, else to double its size, and then
     * only when it is not small.
     *
     * @param committed the heap's size, bytes
     * @param free of these
     */
    boolean isDue(long committed, long free) {
        boolean isQuiet = committed == lastCommitted && Math.abs(lastFree - free) < QUIET;
        lastCommitted = committed;
        lastFree = free;
        settled = Math.max(SMALL, Math.min(settled, committed));
        return committed > (isQuiet ? settled / 4 * 5 : Math.max(SMALL_AND_BUSY, settled * 2));
    }

    /** The heap's size after a collection, bytes. */
    void collected(long committed) {
        settled = Math.max(SMALL, committed);
    }
}
