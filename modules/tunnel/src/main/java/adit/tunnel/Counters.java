package adit.tunnel;

import java.util.concurrent.atomic.LongAdder;

/** Counts of one tunnel; read without a lock, so figures of one moment may be a byte apart. */
public final class Counters {
    Counters() {}

    /** Connections begun. */
    public final LongAdder opened = new LongAdder();

    /** Connections that ended cleanly. */
    public final LongAdder closed = new LongAdder();

    /** Connections that failed or were aborted. */
    public final LongAdder failed = new LongAdder();

    /** Payload bytes from the remote peer. */
    public final LongAdder received = new LongAdder();

    /** Payload bytes to the remote peer. */
    public final LongAdder sent = new LongAdder();
}
