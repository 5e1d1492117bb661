package adit.relay;

import java.time.Duration;

/**
 * What a relay allows one circuit (libp2p/specs relay/circuit-v2.md, "Limit"); at its end the relay resets both streams.
 *
 * @param duration whole seconds; zero for no limit
 * @param data bytes in each direction; 0 for no limit
 */
public record RelayLimit(Duration duration, long data) {
    /** No limit at all: the field is left out. */
    public static final RelayLimit NONE = new RelayLimit(Duration.ZERO, 0);

    /** Longest duration that can be told: an unsigned number of 32 bits, in seconds. */
    static final long MAXIMUM_SECONDS = 0xffff_ffffL;

    /** Refuses what is negative; cuts the duration to whole seconds that can be told, a part of one to 1 s and not to "no limit". */
    public RelayLimit {
        if (duration.isNegative() || data < 0) {
            throw new IllegalArgumentException("a limit cannot be negative: " + duration + ", " + data + " bytes");
        }
        long seconds = duration.isZero() ? 0 : Math.clamp(duration.getSeconds(), 1, MAXIMUM_SECONDS);
        duration = Duration.ofSeconds(seconds);
    }

    /** Neither in time nor in data. */
    public boolean isNone() {
        return duration.isZero() && data == 0;
    }
}
