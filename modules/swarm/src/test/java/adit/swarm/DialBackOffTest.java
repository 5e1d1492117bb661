package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DialBackOffTest {
    private final Clock clock = new Clock();
    private final DialBackOff backOff = new DialBackOff(clock);
    private final PeerId peer = Peers.some();
    private final Multiaddr address = Peers.address("/ip4/192.0.2.1/tcp/1");

    private boolean isBlocked() {
        return backOff.blocked(peer, address, DialBackOff.LONGEST).isPresent();
    }

    /** How many seconds pass until it may be dialled again. */
    private int seconds() {
        int seconds = 0;
        while (isBlocked()) {
            clock.pass(Duration.ofSeconds(1));
            seconds++;
        }
        return seconds;
    }

    @Test void growsBySquaresUpToFiveMinutes() {
        int[] expected = {5, 6, 9, 14, 21};
        for (int wanted : expected) {
            backOff.failed(peer, address, "connection refused");
            assertEquals(wanted, seconds());
        }
        for (int i = 0; i < 100; i++) {
            backOff.failed(peer, address, "connection refused");
        }
        assertEquals(300, seconds());
    }

    @Test void reasonIsToldWithTheTimeLeft() {
        backOff.failed(peer, address, "connection refused");
        clock.pass(Duration.ofMillis(1500));
        assertEquals(Optional.of("connection refused (not tried again for 4 s)"), backOff.blocked(peer, address, DialBackOff.LONGEST));
    }

    @Test void callerMayBeLessPatient() {
        backOff.failed(peer, address, "connection refused");
        assertTrue(backOff.blocked(peer, address, Duration.ofSeconds(1)).isPresent());
        assertEquals(Optional.empty(), backOff.blocked(peer, address, Duration.ZERO));
        clock.pass(Duration.ofSeconds(1));
        assertEquals(Optional.empty(), backOff.blocked(peer, address, Duration.ofSeconds(1)));
    }

    @Test void successForgivesAllAddressesOfThePeer() {
        backOff.failed(peer, address, "connection refused");
        backOff.succeeded(Peers.some());
        assertTrue(isBlocked());
        backOff.succeeded(peer);
        assertEquals(0, seconds());
    }

    @Test void memoryIsBounded() {
        backOff.failed(peer, address, "connection refused");
        for (int i = 0; i < 2048; i++) {
            backOff.failed(peer, Peers.address("/ip4/192.0.2.2/tcp/" + (i + 1)), "connection refused");
        }
        assertEquals(0, seconds());
    }
}
