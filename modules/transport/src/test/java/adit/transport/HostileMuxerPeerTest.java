package adit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A peer that breaks the muxer's rules loses its connection in time and costs bounded memory. */
@Timeout(30)
final class HostileMuxerPeerTest {
    private MuxPair pair;
    private YamuxConnection victim;
    private ScriptedPeer peer;
    private final BlockingQueue<String> closed = new ArrayBlockingQueue<>(1);
    private final AtomicInteger handled = new AtomicInteger();
    private final CountDownLatch testOver = new CountDownLatch(1);

    private void start(TransportSettings settings) throws IOException {
        pair = new MuxPair(settings);
        victim = pair.responder();
        peer = new ScriptedPeer(pair.first);
        victim.start(this::hold, closed::add);
    }

    /** A handler that never reads. */
    private void hold(Stream stream) {
        handled.incrementAndGet();
        await(testOver);
    }

    @AfterEach
    void stop() throws IOException {
        testOver.countDown();
        pair.close();
    }

    private static TransportSettings settings() {
        return TransportSettings.defaults();
    }

    private void assertEndsWithProtocolError() throws Exception {
        YamuxFrame last = peer.takeUntilClosed();
        assertNotNull(last, "closed without a word");
        assertEquals(new YamuxFrame(YamuxFrame.GO_AWAY, 0, 0, YamuxFrame.GO_AWAY_PROTOCOL_ERROR), last);
        assertNotNull(closed.poll(10, TimeUnit.SECONDS));
        assertTrue(victim.streams().isEmpty());
    }

    @Test
    void dataBeyondTheWindowEndsTheConnection() throws Exception {
        start(settings());
        peer.send(YamuxFrame.DATA, YamuxFrame.SYN, 1, YamuxFrame.INITIAL_WINDOW + 1);
        assertEndsWithProtocolError();
    }

    @Test
    void dataBeyondTheWindowInManyFramesEndsTheConnection() throws Exception {
        start(settings());
        peer.data(YamuxFrame.SYN, 1, new byte[YamuxFrame.INITIAL_WINDOW]);
        peer.data(0, 1, (byte) 1);
        assertEndsWithProtocolError();
    }

    @Test
    void aFourGigabyteFrameEndsTheConnectionBeforeItsPayload() throws Exception {
        start(settings());
        peer.data(YamuxFrame.SYN, 1, (byte) 1);
        peer.send(YamuxFrame.DATA, 0, 1, 0xffff_ffffL);
        assertEndsWithProtocolError();
    }

    @Test
    void windowUpdatesThatAddUpBeyondTwoGigabytesEndTheConnection() throws Exception {
        start(settings());
        peer.send(YamuxFrame.WINDOW_UPDATE, YamuxFrame.SYN, 1, Integer.MAX_VALUE);
        assertEndsWithProtocolError();
    }

    @Test
    void aStreamIdOfOursCannotBeOpenedByThePeer() throws Exception {
        start(settings());
        peer.data(YamuxFrame.SYN, 2);
        assertEndsWithProtocolError();
    }

    @Test
    void aStreamCannotBeOpenedTwice() throws Exception {
        start(settings());
        peer.data(YamuxFrame.SYN, 1);
        peer.data(YamuxFrame.SYN, 1);
        assertEndsWithProtocolError();
    }

    @Test
    void framesForAStreamThatNeverWasEndTheConnection() throws Exception {
        start(settings());
        peer.data(0, 7, (byte) 1);
        assertEndsWithProtocolError();
    }

    @Test
    void dataAfterTheEndEndsTheConnection() throws Exception {
        start(settings());
        peer.data(YamuxFrame.SYN | YamuxFrame.FIN, 1, (byte) 1);
        peer.data(0, 1, (byte) 1);
        assertEndsWithProtocolError();
    }

    @Test
    void garbageEndsTheConnection() throws Exception {
        start(settings());
        byte[] garbage = new byte[4096];
        new Random(1).nextBytes(garbage);
        garbage[0] = 1;
        peer.sendBytes(garbage);
        assertEndsWithProtocolError();
    }

    @Test
    void tenThousandStreamsWithoutNegotiationAreHeldToTheLimit() throws Exception {
        start(settings());
        int limit = settings().maximumNegotiatingStreams();
        pair.loops.start("flood", () -> {
            try {
                for (int i = 0; i < 10_000; i++) {
                    peer.data(YamuxFrame.SYN, 2L * i + 1);
                }
            } catch (IOException e) {
                // the victim may close, see below
            }
        });
        try {
            for (int i = 0; i < 10_000 - limit; i++) {
                YamuxFrame frame = peer.take();
                assertTrue(frame.has(YamuxFrame.RST), frame.toString());
            }
            assertEquals(limit, victim.streams().size());
        } catch (IOException e) {
            // we read the answers too slowly for such a flood
            assertEquals("the remote peer does not read what it is answered", closed.poll(10, TimeUnit.SECONDS));
        }
        assertTrue(handled.get() <= limit);
    }

    @Test
    void aPeerThatAsksAndDoesNotReadLosesTheConnection() throws Exception {
        start(settings());
        byte[] pings = new byte[YamuxFrame.HEADER * 1000];
        for (int i = 0; i < 1000; i++) {
            new YamuxFrame(YamuxFrame.PING, YamuxFrame.SYN, 0, i).encode(pings, i * YamuxFrame.HEADER);
        }
        pair.loops.start("flood", () -> {
            try {
                while (victim.isOpen()) {
                    peer.sendBytes(pings);
                }
            } catch (IOException e) {
                // the victim has closed, as it should
            }
        });
        assertEquals("the remote peer does not read what it is answered", closed.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void aPeerThatFallsSilentRightAfterAnAnswerIsNoticedByTheNextProbe() throws Exception {
        start(settings());
        YamuxFrame ping = YamuxFrame.decode(peer.takeBytes(YamuxFrame.HEADER), 0);
        assertEquals(YamuxFrame.PING, ping.type());
        peer.send(YamuxFrame.PING, YamuxFrame.ACK, 0, ping.length());
        while (victim.roundTrip().isZero()) {
            Thread.onSpinWait();
        }
        victim.probe();
        assertEquals("no answer to a ping within 5.0 s", closed.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void aSilentPeerIsNoticedByItsMissingPingAnswer() throws Exception {
        TransportSettings d = settings();
        start(new TransportSettings(d.security(), d.dialTimeout(), d.handshakeTimeout(), d.keepAlive(), Duration.ofMillis(50), d.writeTimeout(),
                d.maximumWindow(), d.receiveBudget(), d.maximumInboundStreams(), d.maximumNegotiatingStreams(),
                d.maximumUnacknowledgedStreams(), d.maximumPendingHandshakes(), d.bufferPool()));
        assertTrue(closed.poll(10, TimeUnit.SECONDS).startsWith("no answer to a ping"));
    }

    @Test
    void aPeerThatPingsIsNotPinged() throws Exception {
        TransportSettings d = settings();
        Duration keepAlive = Duration.ofMillis(100);
        start(new TransportSettings(d.security(), d.dialTimeout(), d.handshakeTimeout(), keepAlive, d.pingTimeout(), d.writeTimeout(),
                d.maximumWindow(), d.receiveBudget(), d.maximumInboundStreams(), d.maximumNegotiatingStreams(),
                d.maximumUnacknowledgedStreams(), d.maximumPendingHandshakes(), d.bufferPool()));
        long keepAlives = 20;
        int pinged = 0;
        long start = System.nanoTime();
        for (long value = 0; System.nanoTime() - start < keepAlives * keepAlive.toNanos(); value++) {
            peer.send(YamuxFrame.PING, YamuxFrame.SYN, 0, value);
            YamuxFrame frame = YamuxFrame.decode(peer.takeBytes(YamuxFrame.HEADER), 0);
            while (frame.has(YamuxFrame.SYN)) {
                pinged++;
                peer.send(YamuxFrame.PING, YamuxFrame.ACK, 0, frame.length());
                frame = YamuxFrame.decode(peer.takeBytes(YamuxFrame.HEADER), 0);
            }
        }
        assertTrue(pinged >= 1, "the first one measures the round trip");
        assertTrue(pinged < keepAlives / 2, "pinged " + pinged + " times");
    }

    @Test
    void unreadDataBeyondTheBudgetResetsTheFattestStreamAndTheConnectionLives() throws Exception {
        start(settings());
        int streams = (int) (settings().receiveBudget() / YamuxFrame.INITIAL_WINDOW) + 20;
        AtomicInteger resets = new AtomicInteger();
        pair.loops.start("reader", () -> {
            try {
                while (true) {
                    if (peer.take().has(YamuxFrame.RST)) {
                        resets.incrementAndGet();
                    }
                }
            } catch (IOException e) {
                // the test is over
            }
        });
        // it is stopped as soon as the sockets' buffers are full, and may never come to its end
        pair.loops.start("sender", () -> {
            byte[] window = new byte[YamuxFrame.INITIAL_WINDOW];
            try {
                for (int i = 0; i < streams; i++) {
                    peer.data(YamuxFrame.SYN, 2L * i + 1, window);
                }
            } catch (IOException e) {
                // the test is over
            }
        });
        long most = 0;
        while (resets.get() == 0) {
            most = Math.max(most, queued(victim.streams()));
            Thread.onSpinWait();
        }
        assertTrue(most <= settings().receiveBudget() + YamuxFrame.INITIAL_WINDOW, "held " + most);
        assertTrue(victim.isOpen());
    }

    @Test
    void readersThatAreSlowTogetherStopThePeerAndLoseNothing() throws Exception {
        int streams = 20;
        TransportSettings d = settings();
        pair = new MuxPair(new TransportSettings(d.security(), d.dialTimeout(), d.handshakeTimeout(), d.keepAlive(), d.pingTimeout(),
                d.writeTimeout(), d.maximumWindow(), 1 << 20, d.maximumInboundStreams(), d.maximumNegotiatingStreams(),
                d.maximumUnacknowledgedStreams(), d.maximumPendingHandshakes(), d.bufferPool()));
        victim = pair.responder();
        peer = new ScriptedPeer(pair.first);
        CountDownLatch mayRead = new CountDownLatch(1);
        CountDownLatch whole = new CountDownLatch(streams);
        victim.start(stream -> {
            await(mayRead);
            if (stream.inputStream().readNBytes(YamuxFrame.INITIAL_WINDOW).length == YamuxFrame.INITIAL_WINDOW) {
                whole.countDown();
            }
        }, closed::add);
        pair.loops.start("sender", () -> {
            try {
                for (int i = 0; i < streams; i++) {
                    peer.data(YamuxFrame.SYN, 2L * i + 1, new byte[YamuxFrame.INITIAL_WINDOW]);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        while (pair.budget.held() <= 1 << 20) {
            Thread.onSpinWait();
        }
        mayRead.countDown();
        assertTrue(whole.await(20, TimeUnit.SECONDS), whole.getCount() + " streams are not whole");
        assertTrue(victim.isOpen());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static long queued(List<Stream> streams) {
        return streams.stream().mapToLong(s -> ((YamuxStream) s).queued()).sum();
    }

    @Test
    void streamsThePeerDoesNotAcknowledgeAreBounded() throws Exception {
        TransportSettings d = settings();
        start(new TransportSettings(d.security(), d.dialTimeout(), Duration.ofSeconds(2), d.keepAlive(), d.pingTimeout(), d.writeTimeout(),
                d.maximumWindow(), d.receiveBudget(), d.maximumInboundStreams(), d.maximumNegotiatingStreams(), 3,
                d.maximumPendingHandshakes(), d.bufferPool()));
        for (int i = 0; i < 3; i++) {
            victim.openStream().write(new byte[1], 0, 1);
        }
        IOException refused = org.junit.jupiter.api.Assertions.assertThrows(IOException.class, victim::openStream);
        assertTrue(refused.getMessage().contains("in time"), refused.getMessage());
        peer.take();
        peer.takeBytes(1);
        peer.send(YamuxFrame.WINDOW_UPDATE, YamuxFrame.ACK, 2, 0);
        victim.openStream();
    }
}
