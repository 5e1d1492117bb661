package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LedgerTest {
    private final RecordingLog log = new RecordingLog();
    private final AtomicLong now = new AtomicLong(5);
    private final Ledger ledger = new Ledger(log, "listener /x/a", now::get);

    @Test void warningsThatOthersCanCauseAreRationed() {
        for (int i = 0; i < 1000; i++) {
            ledger.refused("peer P", "no " + i);
        }
        assertEquals(10, log.warnings.size());
        assertEquals("listener /x/a, peer P: no 9", log.warnings.getLast());
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        ledger.refused("peer P", "again");
        ledger.refused("peer P", "and again");
        assertEquals(11, log.warnings.size());
        assertEquals("listener /x/a, peer P: again (990 more warnings left out)", log.warnings.getLast());
        assertEquals("and again", ledger.lastError());
        assertEquals(1002, ledger.counters().failed.sum());
    }

    @Test void theRationIsNeverLargerThanItsBurst() {
        now.addAndGet(TimeUnit.DAYS.toNanos(3));
        for (int i = 0; i < 100; i++) {
            ledger.refused("peer P", "no");
        }
        assertEquals(10, log.warnings.size());
    }

    @Test void endsAreCountedAndDoNotWarn() {
        ledger.ended("peer P", null);
        ledger.ended("peer P", new IOException("Connection reset"));
        assertEquals(1, ledger.counters().closed.sum());
        assertEquals(1, ledger.counters().failed.sum());
        assertEquals("connection reset", ledger.lastError());
        assertEquals(0, log.warnings.size());
    }
}
