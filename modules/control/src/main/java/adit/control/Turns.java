package adit.control;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets what is costly happen once at a time, with a pause behind: what it takes of the processor, and of the time of garbage collection, which
 * halts everything, stays small beside what the process is for, however much of it is asked for.
 */
final class Turns {
    private final Semaphore turn = new Semaphore(1, true);
    private final Duration pause;
    private final Deadlines deadlines;

    Turns(Duration pause, Deadlines deadlines) {
        this.pause = pause;
        this.deadlines = deadlines;
    }

    /** One that need not be taken. */
    Turn next() {
        return new Turn();
    }

    /** Used by one thread. */
    final class Turn implements AutoCloseable {
        private boolean isTaken;

        /** Blocks until it has come; false when that was not in time. */
        boolean await(Duration patience) {
            try {
                isTaken = turn.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
            return isTaken;
        }

        /** The next one comes after the pause. */
        @Override public void close() {
            if (isTaken) {
                deadlines.after(pause, turn::release);
            }
        }
    }
}
