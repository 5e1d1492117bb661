package adit.tunnel;

/**
 * What each single peer may take of a tunnel; a forwarder has one peer only.
 *
 * @param streams live at a time, 0: no limit of its own
 * @param bytesPerSecond payload in either direction, all its streams together, on average; 0: no limit
 */
public record Limits(int streams, long bytesPerSecond) {
    /** The greatest of either. */
    public static final long MAXIMUM = 1_000_000_000_000L;

    /** No limit beside the daemon's own. */
    public static final Limits NONE = new Limits(0, 0);

    /** Throws when one is negative or beyond reason. */
    public Limits {
        if (streams < 0 || bytesPerSecond < 0 || bytesPerSecond > MAXIMUM) {
            throw new IllegalArgumentException("limits must be from 0 to " + MAXIMUM);
        }
    }
}
