package adit.control;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends waits from outside, since reads and writes of a channel have no timeout. Its actions only shut or close channels: they never
 * block.
 */
final class Deadlines implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("control deadlines").factory(),
                    new ThreadPoolExecutor.DiscardPolicy());

    Deadlines() {
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Runs the action once, unless the future is cancelled before; never when this is closed. */
    Future<?> after(Duration time, Runnable action) {
        return timer.schedule(action, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
