package adit.swarm;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Time that passes when told to, in nanoseconds. */
final class Clock implements LongSupplier {
    private long now = Long.MAX_VALUE - 5;

    void pass(Duration time) {
        now += time.toNanos();
    }

    @Override public long getAsLong() {
        return now;
    }
}
