package adit.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.transport.Stream;
import adit.transport.StreamResetException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RelayServiceLimitsTest extends CircuitNodes {
    @Test void dataLimitPassesAllThatIsAllowedAndResetsAtOneByteMore() throws Exception {
        CircuitNode relay = relay(RelayLimits.of(new RelayLimit(Duration.ofMinutes(2), 10_000)));
        CountDownLatch reset = new CountDownLatch(1);
        CircuitNode target = node().taking(stream -> {
            assertEquals(10_000, stream.inputStream().readNBytes(10_000).length);
            stream.outputStream().write(7);
            assertThrows(StreamResetException.class, () -> stream.inputStream().read());
            reset.countDown();
        });
        target.reserve(relay);
        Stream stream = node().connect(relay, target).stream();
        stream.write(new byte[10_000], 0, 10_000);
        assertEquals(7, stream.inputStream().read());
        stream.write(new byte[1], 0, 1);
        assertThrows(StreamResetException.class, () -> stream.inputStream().read());
        reset.await();
        CircuitNode.await(() -> relay.service.status().circuits() == 0);
        assertEquals(10_001, relay.service.status().bytesRelayed());
    }

    @Test void dataLimitHoldsInTheOtherDirectionToo() throws Exception {
        CircuitNode relay = relay(RelayLimits.of(new RelayLimit(Duration.ofMinutes(2), 10_000)));
        CircuitNode target = node().taking(stream -> {
            stream.inputStream().read(); // a reset would overtake the relay's OK
            stream.write(new byte[10_001], 0, 10_001);
        });
        target.reserve(relay);
        Stream stream = node().connect(relay, target).stream();
        stream.write(new byte[1], 0, 1);
        assertThrows(StreamResetException.class, () -> stream.inputStream().readAllBytes());
        assertTrue(relay.service.status().bytesRelayed() <= 10_001);
    }

    @Test void timeLimitResetsBothSides() throws Exception {
        CircuitNode relay = relay(RelayLimits.of(new RelayLimit(Duration.ofSeconds(1), 0)));
        CountDownLatch reset = new CountDownLatch(1);
        CircuitNode target = node().taking(stream -> {
            stream.inputStream().read();
            assertThrows(StreamResetException.class, () -> stream.inputStream().read());
            reset.countDown();
        });
        target.reserve(relay);
        Stream stream = node().connect(relay, target).stream();
        stream.write(new byte[1], 0, 1);
        assertThrows(StreamResetException.class, () -> stream.inputStream().read());
        reset.await();
    }

    @Test void circuitsAreLimitedInAllByPeerAndByAddress() throws Exception {
        for (RelayServiceSettings settings : List.of(RelayLimits.circuits(2, 9, 9), RelayLimits.circuits(9, 2, 9), RelayLimits.circuits(9, 9, 2))) {
            CircuitNode relay = relay(settings);
            CircuitNode target = target(relay);
            CircuitNode source = node();
            Stream first = source.connect(relay, target).stream();
            assertEquals(CircuitStatus.OK, source.connectStatus(relay, target));
            assertEquals(CircuitStatus.RESOURCE_LIMIT_EXCEEDED, source.connectStatus(relay, target));
            first.reset();
            CircuitNode.await(() -> relay.service.status().circuits() == 1);
            assertEquals(CircuitStatus.OK, source.connectStatus(relay, target), "what has ended makes room");
        }
    }

    @Test void namedPeersHaveNoLimits() throws Exception {
        CircuitNode target = node().echoing();
        CircuitNode relay = relay(RelayLimits.only(target.id()));
        assertEquals(CircuitStatus.RESERVATION_REFUSED, node().reserveStatus(relay), "there is no place for others");
        CircuitMessage answer = target.reserve(relay);
        assertEquals(CircuitStatus.OK, answer.status());
        assertTrue(answer.limit().isNone());
    }

    @Test void circuitsOfNamedPeersCarryAnyAmount() throws Exception {
        CircuitNode source = node();
        CircuitNode relay = relay(new RelayServiceSettings(new RelayLimit(Duration.ofSeconds(1), 10), Duration.ofHours(1), 9, 9, 9, 9, 9, 0, 512,
                Duration.ofSeconds(10), Duration.ofSeconds(10), Set.of(source.id())));
        CircuitNode target = target(relay);
        CircuitNode.Answer answer = source.connect(relay, target);
        assertEquals(CircuitStatus.OK, answer.message().status());
        assertTrue(answer.message().limit().isNone());
        byte[] sent = new byte[5_000_000];
        new Random(2).nextBytes(sent);
        Thread.ofVirtual().start(() -> {
            try {
                answer.stream().write(sent, 0, sent.length);
                answer.stream().closeWrite();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertArrayEquals(sent, answer.stream().inputStream().readAllBytes());
        assertEquals(CircuitStatus.RESOURCE_LIMIT_EXCEEDED, node().connectStatus(relay, target), "others have the limits");
    }

    @Test void slowReaderStopsTheSender() throws Exception {
        CircuitNode source = node();
        CircuitNode relay = relay(RelayLimits.of(RelayLimit.NONE));
        CountDownLatch end = new CountDownLatch(1);
        CircuitNode target = node().taking(stream -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        target.reserve(relay);
        Stream stream = source.connect(relay, target).stream();
        Thread sender = Thread.ofVirtual().start(() -> {
            try {
                stream.write(new byte[64 << 20], 0, 64 << 20);
            } catch (IOException e) {
                // by the end of the test
            }
        });
        // what the target's window has left of 256 KiB is passed on; the rest stays with the sender
        CircuitNode.await(() -> relay.service.status().bytesRelayed() >= 250_000);
        assertEquals(CircuitStatus.OK, node().connectStatus(relay, target(relay)), "others are served meanwhile");
        assertTrue(relay.service.status().bytesRelayed() <= 256 * 1024);
        stream.reset();
        sender.join();
        end.countDown();
        CircuitNode.await(() -> relay.service.status().circuits() <= 1);
    }
}
