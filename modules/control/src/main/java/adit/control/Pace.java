package adit.control;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** No more than so many a second, after a burst; used by one thread. */
final class Pace {
    private final long interval;
    private final long lead;
    /** When the next one would be due if none had ever come early. */
    private long due;

    Pace(int perSecond, int burst) {
        interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        lead = burst * interval;
        due = System.nanoTime() - lead;
    }

    /** Blocks until the next one may come, or until the thread is interrupted. */
    void keep() {
        long now = System.nanoTime();
        due = Math.max(due - now, -lead) + now + interval;
        for (long wait = due - now; wait > 0 && !Thread.currentThread().isInterrupted(); wait = due - System.nanoTime()) {
            LockSupport.parkNanos(wait);
        }
    }
}
