package adit.relay;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** Time left for what blocks. */
final class Patience {
    private Patience() {}

    /**
     * For SO_TIMEOUT: at least 1.
     *
     * @param end of {@link System#nanoTime}
     * @throws SocketTimeoutException it is over
     */
    static int millisecondsUntil(long end) throws SocketTimeoutException {
        long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) Math.min(left, Integer.MAX_VALUE);
    }
}
