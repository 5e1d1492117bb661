package adit.tunnel;

import java.util.function.LongSupplier;

/**
 * A rate of bytes, kept on average: bytes move first and are paid for by waiting afterwards, so that the copy loop's pieces stay whole. Who was
 * quiet may move a quarter of a second's worth at once. Thread-safe; the monitor guards the account.
 */
final class RateLimit {
    private static final long CREDIT_NANOSECONDS = 250_000_000;

    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    private long paidUntil;

    /** @param nanoTime {@link System#nanoTime} */
    RateLimit(long bytesPerSecond, LongSupplier nanoTime) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
        paidUntil = nanoTime.getAsLong() - CREDIT_NANOSECONDS;
    }

    /** So many bytes have moved; how many nanoseconds to wait before more may. */
    synchronized long take(long bytes) {
        long now = nanoTime.getAsLong();
        paidUntil = Math.max(paidUntil - now, -CREDIT_NANOSECONDS) + now + (long) (bytes * 1e9 / bytesPerSecond);
        return Math.max(0, paidUntil - now);
    }

    /** Whether nothing is owed any more. */
    synchronized boolean isPaid() {
        return paidUntil - nanoTime.getAsLong() <= 0;
    }

    /** A piece that keeps the flow even: a tenth of a second's worth, within reason. */
    int piece() {
        return (int) Math.clamp(bytesPerSecond / 10, 1, SendBuffer.SMALL_PAYLOAD * 64L);
    }
}
