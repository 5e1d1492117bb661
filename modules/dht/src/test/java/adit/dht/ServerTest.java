package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.transport.Log;
import adit.transport.Stream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServerTest {
    private static final String PROTOCOL = "/test/lan/kad/1.0.0";
    private LoopbackNode node;
    private LoopbackNode peer;
    private Dht dht;

    @BeforeEach void open() throws IOException {
        node = new LoopbackNode();
        peer = new LoopbackNode();
        start(DhtSettings.defaults().with(DhtMode.SERVER, "/test", true));
        peer.swarm.addressBook().add(node.swarm.self(), List.of(node.address), Duration.ofMinutes(1));
    }

    private void start(DhtSettings settings) {
        if (dht != null) {
            dht.close();
        }
        dht = new Dht(node.swarm, settings, () -> false, node.loops, node.deadlines, Log.silent());
        dht.start();
    }

    @AfterEach void close() {
        dht.close();
        node.close();
        peer.close();
    }

    private static Message exchange(Stream stream, Message request) throws IOException {
        request.write(stream.outputStream());
        return Message.read(stream.inputStream(), Message.MAXIMUM_ANSWER);
    }

    private Stream stream(LoopbackNode from) throws IOException {
        return from.swarm.openStream(node.swarm.self(), PROTOCOL);
    }

    @Test void oneStreamCarriesManyRequests() throws Exception {
        try (Stream stream = stream(peer)) {
            for (int i = 0; i < 5; i++) {
                Message answer = exchange(stream, Message.findNode(node.swarm.self().toBytes()));
                assertEquals(node.swarm.self(), answer.closerPeers().getFirst().id());
            }
            stream.closeWrite();
            assertEquals(-1, stream.inputStream().read());
        }
    }

    @Test void whatIsNoRequestEndsItsStreamAlone() throws Exception {
        Stream bad = stream(peer);
        bad.write(new byte[] {2, 8, 99}, 0, 3);
        assertThrows(IOException.class, () -> bad.inputStream().readNBytes(1));
        Stream tooLong = stream(peer);
        tooLong.write(new byte[] {(byte) 0xff, (byte) 0xff, 0x7f}, 0, 3);
        assertThrows(IOException.class, () -> tooLong.inputStream().readNBytes(1));
        try (Stream good = stream(peer)) {
            exchange(good, Message.findNode(peer.swarm.self().toBytes()));
        }
        assertTrue(peer.isConnected(node));
    }

    @Test void silentStreamIsEndedAfterAWhile() throws Exception {
        DhtSettings usual = DhtSettings.defaults();
        start(new DhtSettings(DhtMode.SERVER, "/test", true, 20, usual.connectTimeout(), usual.requestTimeout(), usual.searchTimeout(),
                usual.refreshInterval(), usual.quietInterval(), usual.livenessGrace(), 4, 50, 4, Duration.ofMillis(300), 10, 1000, 10));
        Stream slow = stream(peer);
        slow.write(new byte[] {20, 8}, 0, 2);
        assertThrows(IOException.class, () -> slow.inputStream().readNBytes(1));
    }

    @Test void floodOfOnePeerIsSlowedDownAndOthersAreAnsweredAtOnce() throws Exception {
        AtomicInteger flooded = new AtomicInteger();
        long start = System.nanoTime();
        Thread flood = Thread.ofVirtual().start(() -> {
            try (Stream stream = stream(peer)) {
                Thread.ofVirtual().start(() -> {
                    try {
                        for (int i = 0; i < 10_000; i++) {
                            Message.findNode(peer.swarm.self().toBytes()).write(stream.outputStream());
                        }
                    } catch (IOException ended) {
                        // by the end of the test
                    }
                });
                while (Message.read(stream.inputStream(), Message.MAXIMUM_ANSWER) != null) {
                    flooded.incrementAndGet();
                }
            } catch (IOException ended) {
                // by the end of the test
            }
        });
        LoopbackNode.await(() -> flooded.get() >= 200);
        try (LoopbackNode other = new LoopbackNode()) {
            other.swarm.addressBook().add(node.swarm.self(), List.of(node.address), Duration.ofMinutes(1));
            long asked = System.nanoTime();
            try (Stream stream = stream(other)) {
                exchange(stream, Message.findNode(other.swarm.self().toBytes()));
            }
            assertTrue(Duration.ofNanos(System.nanoTime() - asked).toSeconds() < 5);
        }
        LoopbackNode.await(() -> flooded.get() >= 230);
        double seconds = (System.nanoTime() - start) / 1e9;
        // a burst of 200, then 50 a second
        assertTrue(flooded.get() <= 201 + 50 * seconds + 5, flooded + " answers in " + seconds + " s");
        peer.close();
        flood.join();
    }

    @Test void onePeerHasOnlySoManyStreams() throws Exception {
        int open = 0;
        try {
            for (int i = 0; i < 40; i++) {
                Stream stream = stream(peer);
                exchange(stream, Message.findNode(peer.swarm.self().toBytes()));
                open++;
            }
        } catch (IOException refused) {
            // the one too many
        }
        assertEquals(DhtSettings.defaults().streamsPerPeer(), open);
    }
}
