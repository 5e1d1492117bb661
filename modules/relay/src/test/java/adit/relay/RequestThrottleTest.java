package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RequestThrottleTest {
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1000);
    private final PeerId one = PrivateKey.generate().peerId();
    private final PeerId other = PrivateKey.generate().peerId();

    @Test void whoHasHadEnoughWaitsUntilTheFirstIsOld() {
        RequestThrottle throttle = new RequestThrottle(3, 2, Duration.ofSeconds(60), clock::get);
        assertTrue(throttle.admits(one));
        clock.addAndGet(Duration.ofSeconds(30).toNanos()); // the clock passes the greatest long, as nanoTime may
        assertTrue(throttle.admits(one));
        assertFalse(throttle.admits(one));
        assertTrue(throttle.admits(other));
        assertFalse(throttle.admits(other), "three in all");
        clock.addAndGet(Duration.ofSeconds(30).toNanos());
        assertTrue(throttle.admits(one));
        assertFalse(throttle.admits(one), "of the last minute two");
    }

    @Test void noSpanOfTimeSeesMoreThanTheLimits() {
        Random random = new Random(3);
        RequestThrottle throttle = new RequestThrottle(10, 4, Duration.ofNanos(100), clock::get);
        List<PeerId> peers = List.of(one, other, PrivateKey.generate().peerId());
        Deque<Long> all = new ArrayDeque<>();
        for (int i = 0; i < 20_000; i++) {
            clock.addAndGet(random.nextInt(8));
            if (throttle.admits(peers.get(random.nextInt(3)))) {
                all.addLast(clock.get());
            }
            while (clock.get() - all.getFirst() >= 100) {
                all.removeFirst();
            }
            assertTrue(all.size() <= 10);
        }
        assertEquals(10, all.size(), 3, "and it is not idle");
    }
}
