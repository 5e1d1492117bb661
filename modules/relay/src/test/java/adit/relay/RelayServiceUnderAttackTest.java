package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.transport.Connection;
import adit.transport.Multistream;
import adit.transport.Stream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A relay with its usual limits does its work for two honest peers while others attack it. */
@Timeout(120)
class RelayServiceUnderAttackTest {
    private static final Duration PROMPT = Duration.ofSeconds(10);

    private final List<CircuitNode> nodes = new ArrayList<>();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final List<Thread> attackers = new ArrayList<>();
    private CircuitNode relay;
    private CircuitNode source;
    private CircuitNode target;

    private CircuitNode node() throws IOException {
        CircuitNode node = new CircuitNode();
        nodes.add(node);
        return node;
    }

    @BeforeEach void open() throws IOException {
        relay = node().serve(RelayServiceSettings.defaults());
        source = node();
        target = node().echoing();
        assertEquals(CircuitStatus.OK, target.reserveStatus(relay));
    }

    @AfterEach void close() throws InterruptedException {
        isOver.set(true);
        nodes.forEach(CircuitNode::close);
        for (Thread attacker : attackers) {
            attacker.join();
        }
    }

    /** Bytes go to the target and come back, at once. */
    private void assertServed() throws IOException {
        long start = System.nanoTime();
        CircuitNode.Answer answer = source.connect(relay, target);
        assertEquals(CircuitStatus.OK, answer.message().status());
        answer.stream().write(new byte[1000], 0, 1000);
        answer.stream().closeWrite();
        assertEquals(1000, answer.stream().inputStream().readAllBytes().length);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(PROMPT) < 0, took.toString());
    }

    private void attack(Attack attack) {
        attackers.add(Thread.ofVirtual().start(() -> {
            try {
                while (!isOver.get()) {
                    attack.run();
                }
            } catch (IOException | RuntimeException end) {
                // by the relay, or by the end of the test
            }
        }));
    }

    private interface Attack {
        void run() throws IOException;
    }

    @Test void tenThousandReservationsOfOneAddress() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger granted = new AtomicInteger();
        List<CircuitNode> flooders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            flooders.add(node());
        }
        for (CircuitNode flooder : flooders) {
            attack(() -> {
                CircuitStatus status = flooder.reserveStatus(relay);
                (status.equals(CircuitStatus.OK) ? granted : refused).incrementAndGet();
            });
        }
        for (int half = 1; half <= 2; half++) {
            int wanted = half * 5000;
            CircuitNode.await(() -> refused.get() + granted.get() >= wanted);
            assertServed();
            assertTrue(relay.service.status().reservations() <= 8, "the target's and seven more");
        }
        isOver.set(true);
        assertTrue(refused.get() > 0 && granted.get() > 0);
        assertEquals(CircuitStatus.OK, target.reserveStatus(relay), "who has a reservation may renew it");
        flooders.forEach(CircuitNode::close);
        CircuitNode.await(() -> flooders.stream().noneMatch(flooder -> relay.swarm.isConnected(flooder.id())));
        assertEquals(CircuitStatus.OK, node().reserveStatus(relay), "their places are free again");
    }

    @Test void streamsThatAskForCircuitsAllTheTime() throws Exception {
        CircuitNode victim = node().echoing();
        victim.reserve(relay);
        AtomicInteger asked = new AtomicInteger();
        CircuitNode flooder = node();
        flooder.connect(relay, victim);
        Connection connection = flooder.swarm.connections().getFirst();
        for (int i = 0; i < 50; i++) {
            attack(() -> {
                Stream stream = connection.openStream();
                asked.incrementAndGet();
                try {
                    Multistream.propose(stream.inputStream(), stream.outputStream(), List.of(CircuitProtocol.HOP.id()));
                    CircuitMessage.connect(victim.id(), RelayLimit.NONE).write(CircuitProtocol.HOP, stream.outputStream());
                    if (!CircuitMessage.read(CircuitProtocol.HOP, stream.inputStream()).status().equals(CircuitStatus.OK)) {
                        stream.close();
                    }
                } catch (IOException refused) {
                    stream.reset();
                }
            });
        }
        for (int i = 1; i <= 4; i++) {
            int wanted = i * 1000;
            CircuitNode.await(() -> asked.get() >= wanted);
            assertServed();
            assertTrue(relay.service.status().circuits() <= 9, "eight from one address to the victim, and ours");
        }
    }

    @Test void silentStreamsAndSilentTargets() throws Exception {
        CircuitNode mute = node();
        mute.swarm.handle(CircuitProtocol.STOP.id(), true, stream -> stream.inputStream().readAllBytes());
        mute.reserve(relay);
        CircuitNode flooder = node();
        flooder.reserve(relay);
        for (int i = 0; i < 200; i++) {
            try {
                Stream stream = flooder.swarm.openStream(relay.id(), CircuitProtocol.HOP.id());
                if (i % 2 == 0) {
                    CircuitMessage.connect(mute.id(), RelayLimit.NONE).write(CircuitProtocol.HOP, stream.outputStream());
                } else {
                    stream.write(new byte[] {20}, 0, 1);
                }
            } catch (IOException reset) {
                // one too many at a time
            }
        }
        assertServed();
        assertTrue(relay.service.status().circuits() <= 9, "eight from one address to the target that is silent, and ours");
    }

    @Test void dataOverTheLimitToAPeerThatDoesNotRead() throws Exception {
        CircuitNode greedy = node();
        CircuitNode unread = node().taking(stream -> { });
        unread.reserve(relay);
        AtomicInteger cut = new AtomicInteger();
        attack(() -> {
            Stream stream = greedy.connect(relay, unread).stream();
            assertThrows(IOException.class, () -> {
                while (true) {
                    stream.write(new byte[16_384], 0, 16_384);
                }
            });
            cut.incrementAndGet();
        });
        for (int i = 1; i <= 3; i++) {
            int wanted = i * 10;
            CircuitNode.await(() -> cut.get() >= wanted);
            assertServed();
        }
        RelayService.Status status = relay.service.status();
        long most = status.circuitsServed() * 2 * 128 * 1024;
        assertTrue(status.bytesRelayed() <= most, status.bytesRelayed() + " bytes in " + status.circuitsServed() + " circuits");
    }
}
