package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.swarm.RelayPolicy;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a single peer may take of a listener. */
@Timeout(60)
final class LimitsTest {
    private static final long SECOND = 1_000_000_000;

    private TwoNodes nodes;

    @BeforeEach void open() throws Exception {
        nodes = new TwoNodes();
    }

    @AfterEach void close() {
        nodes.close();
    }

    private Forwarder tunnel(LocalService service, Limits limits) throws Exception {
        nodes.serving.tunnels.listen("/x/limited", service.address(), false, false, true, Grants.ANYONE, limits);
        return nodes.using.forward("/x/limited", nodes.serving);
    }

    @Test void streamsOfOnePeerAreLimitedAndThoseOfOthersAreNotItsOwn() throws Exception {
        try (LocalService service = LocalService.echo(); Node other = new Node()) {
            Forwarder forwarder = tunnel(service, new Limits(2, 0));
            try (Socket first = TwoNodes.connect(forwarder); Socket second = TwoNodes.connect(forwarder)) {
                PressureTest.roundTrip(first);
                PressureTest.roundTrip(second);
                try (Socket third = TwoNodes.connect(forwarder)) {
                    assertThrows(SocketException.class, () -> third.getInputStream().read());
                }
                nodes.serving.log.awaitWarning("too many streams of this peer: 2 are live already (--max-streams)");
                try (Socket others = TwoNodes.connect(other.forward("/x/limited", nodes.serving))) {
                    PressureTest.roundTrip(others);
                }
                PressureTest.roundTrip(first);
            }
            nodes.awaitQuiet();
            Conditions.await(() -> nodes.serving.tunnels.streams().isEmpty());
            try (Socket again = TwoNodes.connect(forwarder)) {
                PressureTest.roundTrip(again);
            }
        }
    }

    @Test void bytesComeWholeAndNoFasterThanTheRate() throws Exception {
        byte[] sent = new byte[300_000];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) (i * 31);
        }
        try (LocalService service = LocalService.echo()) {
            Forwarder forwarder = tunnel(service, new Limits(0, 200_000));
            long begin = System.nanoTime();
            try (Socket client = TwoNodes.connect(forwarder)) {
                client.getOutputStream().write(sent);
                client.shutdownOutput();
                assertArrayEquals(sent, client.getInputStream().readAllBytes());
            }
            assertTrue(System.nanoTime() - begin > SECOND, "300 kB at 200 kB/s, of which a quarter of a second's worth is free");
        }
    }

    @Test void aForwarderHasLimitsOfItsOwn() throws Exception {
        try (LocalService service = LocalService.echo()) {
            nodes.serving.listen("/x/limited", service.address());
            Forwarder forwarder = nodes.using.tunnels.forward("/x/limited", Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), nodes.serving.swarm.self(),
                    List.of(nodes.serving.address), false, new Limits(1, 200_000), RelayPolicy.UNTIL_DIRECT);
            long begin = System.nanoTime();
            try (Socket first = TwoNodes.connect(forwarder)) {
                PressureTest.roundTrip(first);
                try (Socket second = TwoNodes.connect(forwarder)) {
                    assertThrows(SocketException.class, () -> second.getInputStream().read());
                }
                first.getOutputStream().write(new byte[300_000]);
                first.shutdownOutput();
                assertEquals(300_000, first.getInputStream().readAllBytes().length);
            }
            assertTrue(System.nanoTime() - begin > SECOND);
        }
    }

    @Test void aStreamThatWaitsForItsRateIsAbortedAtOnce() throws Exception {
        try (LocalService service = LocalService.echo()) {
            Forwarder forwarder = tunnel(service, new Limits(0, 1));
            try (Socket client = TwoNodes.connect(forwarder)) {
                client.getOutputStream().write("a word for which one waits a quarter of a minute".getBytes(StandardCharsets.US_ASCII));
                Conditions.await(() -> nodes.serving.tunnels.streams().stream().anyMatch(stream -> stream.received() > 0));
                assertEquals(1, nodes.serving.tunnels.closeStreams());
                assertThrows(IOException.class, () -> client.getInputStream().readAllBytes());
            }
            Conditions.await(() -> nodes.serving.tunnels.streams().isEmpty());
        }
    }

    @Test void whatHasMovedIsPaidByWaiting() {
        AtomicLong clock = new AtomicLong(-5);
        RateLimit rate = new RateLimit(1000, clock::get);
        assertEquals(0, rate.take(250), "a quarter of a second's worth is free");
        assertEquals(SECOND, rate.take(1000));
        assertEquals(3 * SECOND, rate.take(2000));
        clock.addAndGet(3 * SECOND);
        assertTrue(rate.isPaid());
        assertEquals(SECOND / 1000, rate.take(1));
        clock.addAndGet(Duration.ofDays(1).toNanos());
        assertEquals(SECOND * 3 / 4, rate.take(1000), "who was quiet for long has no more than that quarter");
        assertEquals(100, rate.piece());
        assertEquals(1, new RateLimit(1, clock::get).piece());
    }

    @Test void aPeerThatOwesIsRememberedAndOneThatDoesNotIsForgotten() throws Exception {
        PeerLimits limits = new PeerLimits(new Limits(1, 1000));
        for (int i = 0; i < 100; i++) {
            limits.enter(PrivateKey.generate().peerId()).close();
        }
        assertEquals(0, limits.size());
        try (PeerLimits.Share share = limits.enter(nodes.using.swarm.self())) {
            share.up().take(1_000_000);
            assertThrows(IOException.class, () -> limits.enter(nodes.using.swarm.self()));
        }
        assertEquals(1, limits.size());
    }

    @Test void limitsThatAreNoneAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Limits(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Limits(0, -1));
        assertThrows(IllegalArgumentException.class, () -> new Limits(0, Limits.MAXIMUM + 1));
    }
}
