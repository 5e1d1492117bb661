package adit.transport;

import java.net.SocketTimeoutException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that waits for a change of something that a monitor guards. Not {@link Object#wait}: a notified virtual
 * thread is woken by way of another thread of the JDK, and once more so when it finds the monitor taken. A quarter of a
 * tunnel's wake-ups were such.
 *
 * <pre>
 * waits: under the monitor looks and, in vain, calls {@link #enter}; without it {@link #await}; then looks again
 * wakes: under the monitor changes; without it {@link #wake}
 * </pre>
 */
final class Waiter {
    private final Semaphore woken = new Semaphore(0);
    private volatile boolean entered;

    /** Under the monitor: any change from now on ends {@link #await}. */
    void enter() {
        entered = true;
    }

    /**
     * Blocks until woken; the caller looks again, since one that was woken late may come for nothing.
     *
     * @param patience nanoseconds; 0 waits for ever
     * @return the patience left, more than 0; 0 when it was 0
     * @throws SocketTimeoutException patience is used up
     * @throws StreamResetException the thread was interrupted; its interrupt stays set
     */
    long await(long patience) throws SocketTimeoutException, StreamResetException {
        try {
            if (patience == 0) {
                woken.acquire();
                return 0;
            }
            long start = System.nanoTime();
            if (woken.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
                return Math.max(1, patience - (System.nanoTime() - start));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamResetException("interrupted while waiting for the remote peer", e);
        }
        throw new SocketTimeoutException("the remote peer did not answer in time");
    }

    void wake() {
        if (entered) {
            entered = false;
            woken.release();
        }
    }
}
