package adit.transport;

/**
 * Flow control of one direction, our side (libp2p yamux: the window starts at 256 KiB). Pure arithmetic, guarded by the
 * stream's monitor. Credit goes back only for bytes that have been consumed, half a window at a time, so a slow reader
 * stops the sender. When credit is due again within four round trips, the window is what limits the speed: it doubles. Not while
 * much waits unread, for then our reader is the limit, and a larger window would only fill memory.
 */
final class ReceiveWindow {
    private static final int ROUND_TRIPS = 4;

    /** More than this part of the window unread: the reader is behind. */
    private static final int UNREAD = 4;

    private final int maximum;
    private final ReceiveBudget budget;
    private int size = YamuxFrame.INITIAL_WINDOW;
    private int remaining = YamuxFrame.INITIAL_WINDOW;
    private int consumed;
    private long creditedAt;

    ReceiveWindow(int maximum, ReceiveBudget budget) {
        this.maximum = maximum;
        this.budget = budget;
    }

    /** The remote peer announces that many bytes. */
    void received(long bytes) throws ProtocolViolation {
        if (bytes > remaining) {
            throw new ProtocolViolation("data beyond the window: " + bytes + " bytes, " + remaining + " allowed");
        }
        remaining -= (int) bytes;
    }

    /** Our reader has taken that many bytes and left so many unread. Returns the credit to send now, 0 when it can wait. */
    int consumed(long bytes, long unread, long now, long roundTripNanos) {
        consumed += (int) bytes;
        if (consumed < size / 2) {
            return 0;
        }
        int credit = consumed;
        consumed = 0;
        boolean isLimit = creditedAt != 0 && now - creditedAt < ROUND_TRIPS * roundTripNanos && unread <= size / UNREAD;
        if (isLimit && size * 2L <= maximum && budget.grant(size)) {
            credit += size;
            size *= 2;
        }
        creditedAt = now;
        remaining += credit;
        return credit;
    }

    int size() {
        return size;
    }

    /** The stream is over. Idempotent. */
    void close() {
        budget.giveBack(size - YamuxFrame.INITIAL_WINDOW);
        size = YamuxFrame.INITIAL_WINDOW;
    }
}
