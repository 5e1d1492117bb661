package adit.transport;

import java.time.Duration;

/**
 * The short way of small pieces: what a record brings for one stream alone, the connection's reader itself writes to where that stream leads
 * ({@link Stream#transferDirectly}), and the stream's own loop sleeps on: a round trip of 64 bytes takes a seventh less time. A local end
 * that takes nothing would hold up all streams of the connection; after {@link #PATIENCE} another thread reads on in the held one's place,
 * and that stream's pieces go the ordinary way from then on. The monitor guards what the watch sees.
 */
final class DirectDelivery {
    /** Bytes of a piece that goes this way; more are worth a thread of their own. */
    static final int LARGEST = 2048;

    /** How long a local end may hold up the other streams, once. */
    static final Duration PATIENCE = Duration.ofMillis(100);

    private final Deadlines deadlines;
    private final Runnable startReader;
    /** These two are the reader's own. */
    private YamuxStream candidate;
    private DirectTarget target;
    private YamuxStream delivering;
    private long since;
    private boolean watched;

    /** @param startReader starts the loop that reads on; it does not block */
    DirectDelivery(Deadlines deadlines, Runnable startReader) {
        this.deadlines = deadlines;
        this.startReader = startReader;
    }

    /** On the reader: a piece has come for that stream. When another stream has got one from the same record, that takes the ordinary way. */
    void offer(YamuxStream stream, DirectTarget itsTarget) {
        decline();
        candidate = stream;
        target = itsTarget;
    }

    /** On the reader, before it waits for something else: the piece takes the ordinary way. */
    void decline() {
        if (candidate != null) {
            candidate.wakeReader();
            candidate = null;
        }
    }

    /** On the reader, after each record. False when it took so long that another thread reads on: the caller's loop is to end. */
    boolean deliver() {
        if (candidate == null) {
            return true;
        }
        YamuxStream stream = candidate;
        DirectTarget itsTarget = target;
        candidate = null;
        begin(stream);
        // from here on another thread may be the reader
        itsTarget.take(stream);
        return end(stream);
    }

    private synchronized void begin(YamuxStream stream) {
        delivering = stream;
        since = System.nanoTime();
        if (!watched) {
            watched = true;
            deadlines.after(PATIENCE, this::watch);
        }
    }

    private synchronized boolean end(YamuxStream stream) {
        boolean inTime = delivering == stream;
        if (inTime) {
            delivering = null;
        }
        return inTime;
    }

    /** One look for all pieces of that time, not a deadline for each. */
    private void watch() {
        YamuxStream held = overdue();
        if (held != null) {
            held.endDirect();
            startReader.run();
        }
    }

    private synchronized YamuxStream overdue() {
        watched = false;
        YamuxStream held = delivering;
        if (held == null) {
            return null;
        }
        Duration left = PATIENCE.minusNanos(System.nanoTime() - since);
        if (left.isPositive()) {
            watched = true;
            deadlines.after(left, this::watch);
            return null;
        }
        delivering = null;
        return held;
    }
}
