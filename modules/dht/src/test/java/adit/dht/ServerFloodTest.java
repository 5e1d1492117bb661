package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.transport.Connection;
import adit.transport.Log;
import adit.transport.Stream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One peer sends requests of all kinds as fast as it can, on old and new streams, broken and abandoned ones among them. */
@Timeout(120)
class ServerFloodTest {
    private static final String PROTOCOL = "/test/lan/kad/1.0.0";
    private final LoopbackNode node = new LoopbackNode();
    private final LoopbackNode flooder = new LoopbackNode();
    private final LoopbackNode other = new LoopbackNode();
    private Dht dht;

    ServerFloodTest() throws IOException {}

    @BeforeEach void introduce() {
        for (LoopbackNode each : List.of(flooder, other)) {
            each.swarm.addressBook().add(node.swarm.self(), List.of(node.address), Duration.ofMinutes(5));
        }
    }

    private void serve(int requestsPerSecond, int values, int providers) {
        DhtSettings usual = DhtSettings.defaults();
        dht = new Dht(node.swarm, new DhtSettings(DhtMode.SERVER, "/test", true, 20, usual.connectTimeout(), usual.requestTimeout(),
                usual.searchTimeout(), usual.refreshInterval(), usual.quietInterval(), usual.livenessGrace(), usual.checks(), requestsPerSecond,
                usual.streamsPerPeer(), usual.idleTimeout(), values, usual.maximumValueBytes(), providers), () -> false, node.loops,
                node.deadlines, Log.silent());
        dht.start();
    }

    @AfterEach void close() {
        dht.close();
        flooder.close();
        other.close();
        node.close();
    }

    private Message ask(LoopbackNode from, Message request) throws IOException {
        try (Stream stream = from.swarm.openStream(node.swarm.self(), PROTOCOL)) {
            request.write(stream.outputStream());
            return Message.read(stream.inputStream(), Message.MAXIMUM_ANSWER);
        }
    }

    private int streamsOf(LoopbackNode peer) {
        return node.swarm.connections().stream().filter(each -> each.remotePeer().equals(peer.swarm.self())).map(Connection::streams)
                .mapToInt(List::size).sum();
    }

    @Test void othersAreAnsweredAndStreamsStayFew() throws Exception {
        DhtSettings usual = DhtSettings.defaults();
        serve(usual.requestsPerSecond(), usual.maximumValues(), usual.maximumProviders());
        long begin = System.nanoTime();
        int most = 0;
        try (Flood flood = new Flood(flooder, node.swarm.self(), PROTOCOL).start(4)) {
            LoopbackNode.await(() -> flood.sent.get() > 1000);
            for (int i = 0; i < 50; i++) {
                long before = flood.sent.get();
                assertEquals(MessageType.FIND_NODE, ask(other, Message.findNode(other.swarm.self().toBytes())).type());
                most = Math.max(most, streamsOf(flooder));
                // it goes on
                LoopbackNode.await(() -> flood.sent.get() > before + 100);
            }
            long answered = flood.answered.get();
            double seconds = (System.nanoTime() - begin) / 1e9;
            // a burst of 200, then 50 a second
            assertTrue(answered <= 201 + 50 * seconds, answered + " answers in " + seconds + " s");
        }
        // 16 served, 16 waiting, the rest about to be told that they are too many
        assertTrue(most < 1024, most + " streams at a time");
    }

    @Test void recordsStayWithinTheirBounds() throws Exception {
        serve(1_000_000, 50, 60);
        Flood flood = new Flood(flooder, node.swarm.self(), PROTOCOL).start(4);
        try (flood) {
            LoopbackNode.await(() -> flood.answered.get() > 2000);
        }
        int providers = 0;
        int values = 0;
        for (Message stored : flood.requests()) {
            switch (stored.type()) {
                case ADD_PROVIDER -> providers += ask(other, Message.of(MessageType.GET_PROVIDERS, stored.key())).providerPeers().size();
                case PUT_VALUE -> values += ask(other, Message.of(MessageType.GET_VALUE, stored.key())).record() == null ? 0 : 1;
                default -> { }
            }
        }
        assertTrue(providers > 0 && providers <= 60, providers + " providers");
        assertTrue(values > 0 && values <= 50, values + " values");
    }
}
