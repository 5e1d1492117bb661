package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FindTest {
    private final AtomicInteger searches = new AtomicInteger();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private Node a;
    private Node b;

    @BeforeEach void open() throws IOException {
        a = new Node();
        b = new Node();
    }

    @AfterEach void close() {
        a.close();
        b.close();
    }

    /** Finds nothing more until it is stopped. */
    private String untilStopped() throws InterruptedException {
        try {
            new CountDownLatch(1).await();
            return "never";
        } catch (InterruptedException e) {
            stopped.countDown();
            throw e;
        }
    }

    @Test void peerWithoutAnAddressIsFoundAndTheSearchIsStopped() throws Exception {
        a.swarm.dialer().findBy((peer, found) -> {
            found.accept(List.of(Peers.address("/ip4/192.0.2.1/udp/1/quic-v1"), b.address));
            return untilStopped();
        });
        a.swarm.connect(b.swarm.self());
        assertTrue(stopped.await(10, TimeUnit.SECONDS));
        assertTrue(a.swarm.addressBook().addresses(b.swarm.self()).contains(b.address));
    }

    @Test void searchBeginsWhenTheAddressesKnownHaveFailed() throws Exception {
        Node gone = new Node();
        Multiaddr old = gone.address;
        gone.close();
        a.swarm.addressBook().add(b.swarm.self(), List.of(old), AddressBook.FOREVER);
        a.swarm.dialer().findBy((peer, found) -> {
            found.accept(List.of(b.address));
            return "";
        });
        assertEquals(b.address, a.swarm.connect(b.swarm.self()).remoteAddress());
    }

    @Test void peerThatIsReachedIsNotSearched() throws Exception {
        a.knows(b);
        a.swarm.dialer().findBy((peer, found) -> "searched " + searches.incrementAndGet());
        a.swarm.connect(b.swarm.self());
        assertEquals(0, searches.get());
    }

    @Test void searchInVainIsPartOfTheReason() {
        a.swarm.dialer().findBy((peer, found) -> "7 peers of the DHT do not know it");
        PeerId peer = Peers.some();
        DialFailedException unknown = assertThrows(DialFailedException.class, () -> a.swarm.connect(peer));
        assertEquals("no addresses known for " + peer + ": 7 peers of the DHT do not know it; give a full address, /ip4/…/tcp/…/p2p/" + peer, unknown.getMessage());
        Multiaddr unsupported = Peers.address("/ip4/192.0.2.1/udp/1/quic-v1");
        a.swarm.dialer().findBy((wanted, found) -> {
            found.accept(List.of(unsupported));
            return "no other address was found";
        });
        DialFailedException seen = assertThrows(DialFailedException.class, () -> a.swarm.connect(Peers.some()));
        assertEquals(unsupported, seen.attempts().getFirst().address());
        assertTrue(seen.getMessage().endsWith("; no other address was found"), seen.getMessage());
    }

    @Test void searchWithAFaultIsAFailureAndNoHang() {
        a.swarm.dialer().findBy((peer, found) -> {
            throw new IllegalStateException("broken");
        });
        DialFailedException failure = assertThrows(DialFailedException.class, () -> a.swarm.connect(Peers.some()));
        assertTrue(failure.getMessage().contains("broken"), failure.getMessage());
    }

    @Test void impatientCallerEndsTheSearch() throws Exception {
        try (Node impatient = new Node(TestSettings.impatientDialler(Duration.ofMillis(200)))) {
            impatient.swarm.dialer().findBy((peer, found) -> untilStopped());
            DialFailedException failure = assertThrows(DialFailedException.class, () -> impatient.swarm.connect(Peers.some()));
            assertTrue(failure.getMessage().contains("still looked for"), failure.getMessage());
            assertTrue(stopped.await(10, TimeUnit.SECONDS));
        }
    }

    @Test void finderItselfConnectsWithoutSearching() throws Exception {
        a.swarm.dialer().findBy((peer, found) -> "searched " + searches.incrementAndGet());
        assertThrows(DialFailedException.class, () -> a.swarm.connectAsKnown(Peers.some(), Duration.ofSeconds(5)));
        a.knows(b);
        a.swarm.connectAsKnown(b.swarm.self(), Duration.ofSeconds(5));
        assertEquals(0, searches.get());
    }

    @Test void whoIdentifiesItselfIsHeardOf() throws Exception {
        Set<PeerId> heard = ConcurrentHashMap.newKeySet();
        a.swarm.onIdentified(heard::add);
        a.knows(b).swarm.connect(b.swarm.self());
        a.swarm.awaitIdentified(b.swarm.self());
        assertTrue(heard.contains(b.swarm.self()));
    }
}
