package adit.transport;

import java.time.Duration;

/**
 * Keeps one connection alive and notices when it is dead: pings now and then, ends the connection when a ping stays
 * unanswered, and nothing else is heard, or a write makes no progress. While the remote peer's pings arrive none of our own is needed: of two idle
 * peers one asks and the other answers. Who has reason to doubt the connection probes it. Its actions run on the deadlines' thread and only queue. The monitor guards the
 * ping under way.
 */
final class Heartbeat {
    /** An answer to a probe is due within that time. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** After an answer a connection is above doubt for so long. */
    private static final Duration SPACING = Duration.ofSeconds(1);

    private final YamuxConnection connection;
    private final TransportSettings settings;
    private final Deadlines deadlines;
    private Deadlines.Deadline pending;
    private long sentValue;
    private long sentAt;
    private boolean stopped;
    private long answeredAt;
    private boolean probing;
    private volatile boolean heard;
    private volatile boolean asked;
    private volatile long roundTripNanos;

    Heartbeat(YamuxConnection connection, TransportSettings settings, Deadlines deadlines) {
        this.connection = connection;
        this.settings = settings;
        this.deadlines = deadlines;
    }

    /** Pings once now, for the round trip by which windows grow, then every keepAlive. */
    void start() {
        beat(settings.pingTimeout());
    }

    /**
     * Pings now, or in a moment when the last answer has only just come: a connection whose way is gone, since a NAT has forgotten it or the
     * machine has moved, is to end soon after somebody wants it.
     */
    void probe() {
        synchronized (this) {
            if (stopped || probing || pending == null) {
                return;
            }
            probing = true;
            pending.close();
            long wait = SPACING.toNanos() - (System.nanoTime() - answeredAt);
            if (sentAt != 0) {
                heard = false;
                pending = deadlines.after(PATIENCE, () -> unanswered(PATIENCE));
                return;
            }
            if (wait > 0) {
                pending = deadlines.after(Duration.ofNanos(wait), () -> beat(PATIENCE));
                return;
            }
        }
        beat(PATIENCE);
    }

    /** Something has arrived. */
    void hear() {
        if (!heard) {
            heard = true;
        }
    }

    synchronized void stop() {
        stopped = true;
        if (pending != null) {
            pending.close();
        }
    }

    /** Zero before the first answer. */
    long roundTripNanos() {
        return roundTripNanos;
    }

    private void beat(Duration patience) {
        synchronized (this) {
            if (stopped) {
                return;
            }
            sentValue = (sentValue + 1) & 0xffff_ffffL;
            sentAt = System.nanoTime();
            heard = false;
            pending = deadlines.after(patience, () -> unanswered(patience));
        }
        connection.writeLater(new YamuxFrame(YamuxFrame.PING, YamuxFrame.SYN, 0, sentValue));
    }

    /** Behind much data that waits to be sent a ping is late; while something arrives the remote peer is there. */
    private void unanswered(Duration patience) {
        synchronized (this) {
            if (stopped || sentAt == 0) {
                return;
            }
            if (heard) {
                heard = false;
                pending = deadlines.after(patience, () -> unanswered(patience));
                return;
            }
        }
        connection.fail("no answer to a ping within " + seconds(patience), null);
    }

    /** The remote peer pings: it is alive, and keeps the way open. */
    void receivePing() {
        asked = true;
    }

    /** The answer to our ping. Others are ignored: an unasked answer must not shape the round trip. */
    void receiveAnswer(long value) {
        synchronized (this) {
            if (stopped || value != sentValue || sentAt == 0) {
                return;
            }
            answeredAt = System.nanoTime();
            roundTripNanos = answeredAt - sentAt;
            sentAt = 0;
            probing = false;
            pending.close();
            pending = deadlines.after(settings.keepAlive(), this::checkThenBeat);
        }
    }

    private void checkThenBeat() {
        long since = connection.writer().writingSince();
        if (since != 0 && System.nanoTime() - since > settings.writeTimeout().toNanos()) {
            connection.fail("a write made no progress for " + seconds(settings.writeTimeout()), null);
            return;
        }
        if (!asked) {
            beat(settings.pingTimeout());
            return;
        }
        asked = false;
        synchronized (this) {
            if (!stopped) {
                pending = deadlines.after(settings.keepAlive(), this::checkThenBeat);
            }
        }
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
