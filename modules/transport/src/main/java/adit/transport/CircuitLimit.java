package adit.transport;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What a relay allows one circuit to carry, and what is left of that: the relay resets a circuit that is over it (circuit v2, "Limits"). Thread-safe. */
public final class CircuitLimit {
    /** More than any circuit carries: the relay sets no limit of that kind. */
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final long bytes;
    private final long nanos;
    private final long begun = System.nanoTime();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    private CircuitLimit(long bytes, long nanos) {
        this.bytes = bytes;
        this.nanos = nanos;
    }

    /** @param duration zero for none
     * @param bytes for each direction; 0 for none */
    public static CircuitLimit of(Duration duration, long bytes) {
        long nanos = duration.isZero() || duration.toDays() > 365 ? UNLIMITED : duration.toNanos();
        return new CircuitLimit(bytes == 0 ? UNLIMITED : bytes, nanos);
    }

    /** A circuit that is only counted. */
    public static CircuitLimit none() {
        return new CircuitLimit(UNLIMITED, UNLIMITED);
    }

    /** Whether the relay sets any limit. */
    public boolean isLimited() {
        return bytes != UNLIMITED || nanos != UNLIMITED;
    }

    /** What the fuller direction may still carry, handshakes and framing included; {@link Long#MAX_VALUE} without a limit. */
    public long bytesLeft() {
        return bytes == UNLIMITED ? UNLIMITED : Math.max(0, bytes - Math.max(sent.get(), received.get()));
    }

    /** How long the relay will still keep it open; many years without a limit. */
    public Duration timeLeft() {
        return Duration.ofNanos(nanos == UNLIMITED ? UNLIMITED : Math.max(0, nanos - (System.nanoTime() - begun)));
    }

    void sent(long count) {
        sent.addAndGet(count);
    }

    void received(long count) {
        received.addAndGet(count);
    }
}
