package adit.transport;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs short actions when time is up: blocking channel I/O has no timeouts of its own (SO_TIMEOUT is ignored by channel
 * reads), so a deadline closes what somebody waits for. The actions must not block: one thread serves the whole process.
 */
public final class Deadlines implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;

    /** Starts the one thread. */
    public Deadlines() {
        timer = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("deadlines").daemon().factory());
        timer.setRemoveOnCancelPolicy(true);
        // whoever still sets one while the process ends is not at fault
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs the action once after the delay unless the deadline is closed before. */
    public Deadline after(Duration delay, Runnable action) {
        return new Deadline(timer.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Runs the action again and again, the first time after one period, until closed. */
    public Deadline every(Duration period, Runnable action) {
        return new Deadline(timer.scheduleWithFixedDelay(action, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Nothing runs from now on. */
    @Override public void close() {
        timer.shutdownNow();
    }

    /** One pending action; closing it in time means it never runs. */
    public static final class Deadline implements AutoCloseable {
        private final ScheduledFuture<?> pending;

        private Deadline(ScheduledFuture<?> pending) {
            this.pending = pending;
        }

        /** Cancels; does nothing when it has run. */
        @Override public void close() {
            pending.cancel(false);
        }
    }
}
