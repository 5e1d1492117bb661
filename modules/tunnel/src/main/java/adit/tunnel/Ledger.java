package adit.tunnel;

import adit.transport.Log;
import java.io.IOException;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * What a tunnel has to tell: counters, the last failure, warnings. Peers and clients can cause warnings at will, so they
 * are rationed: a burst, then one a second, and the next line says how many were left out. The lock guards the ration.
 */
final class Ledger {
    private static final int BURST = 10;
    private static final long NANOSECONDS_A_WARNING = 1_000_000_000;

    private final Instant begun = Instant.now();
    private final Counters counters = new Counters();
    private final Log log;
    private final String tunnel;
    private final LongSupplier nanoTime;
    private volatile String lastError = "";
    private long ration = BURST;
    private long rationed;
    private long leftOut;

    /**
     * @param tunnel how lines name it: "listener /x/ssh"
     * @param nanoTime {@link System#nanoTime}
     */
    Ledger(Log log, String tunnel, LongSupplier nanoTime) {
        this.log = log;
        this.tunnel = tunnel;
        this.nanoTime = nanoTime;
        this.rationed = nanoTime.getAsLong();
    }

    Instant begun() {
        return begun;
    }

    Counters counters() {
        return counters;
    }

    String lastError() {
        return lastError;
    }

    /** A connection could not be made: the operator hears of it. */
    void refused(String who, String why) {
        counters.failed.increment();
        lastError = why;
        long omitted = takeRation();
        if (omitted >= 0) {
            log.warn("%s, %s: %s%s", tunnel, who, why, omitted == 0 ? "" : " (" + omitted + " more warnings left out)");
        }
    }

    /** A connection has ended; failure is null after a clean end. Ends are told to both sides already, so the log is spared. */
    void ended(String who, IOException failure) {
        if (failure == null) {
            counters.closed.increment();
        } else {
            counters.failed.increment();
            lastError = TargetDial.text(failure);
            log.debug("%s, %s: aborted: %s", tunnel, who, lastError);
        }
    }

    /** How many warnings were left out since the last one, -1 when this one is too. */
    private synchronized long takeRation() {
        long earned = (nanoTime.getAsLong() - rationed) / NANOSECONDS_A_WARNING;
        rationed += earned * NANOSECONDS_A_WARNING;
        ration = Math.min(BURST, ration + earned);
        if (ration == 0) {
            leftOut++;
            return -1;
        }
        ration--;
        long omitted = leftOut;
        leftOut = 0;
        return omitted;
    }
}
