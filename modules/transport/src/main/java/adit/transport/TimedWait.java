package adit.transport;

import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/** One wait on a monitor that the caller holds, with an end: the caller loops over its condition. */
final class TimedWait {
    private TimedWait() {}

    /**
     * @param patience nanoseconds; 0 waits for ever
     * @return the patience left, more than 0; 0 when it was 0
     * @throws SocketTimeoutException patience is used up
     * @throws StreamResetException the thread was interrupted; its interrupt stays set
     */
    static long once(Object monitor, long patience) throws SocketTimeoutException, StreamResetException {
        long start = patience == 0 ? 0 : System.nanoTime();
        try {
            if (patience == 0) {
                monitor.wait();
                return 0;
            }
            TimeUnit.NANOSECONDS.timedWait(monitor, patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamResetException("interrupted while waiting for the remote peer", e);
        }
        long left = patience - (System.nanoTime() - start);
        if (left <= 0) {
            throw new SocketTimeoutException("the remote peer did not answer in time");
        }
        return left;
    }
}
