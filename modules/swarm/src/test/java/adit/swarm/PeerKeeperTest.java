package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.transport.Log;
import adit.transport.Loops;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PeerKeeperTest {
    private final AtomicBoolean reachable = new AtomicBoolean();
    private final AtomicBoolean connected = new AtomicBoolean();
    private final AtomicInteger dials = new AtomicInteger();
    private final PeerId peer = Peers.some();

    private PeerKeeper keeper(Duration shortest) {
        return new PeerKeeper(new PeerKeeper.Node() {
            @Override public boolean isConnected(PeerId asked) {
                return connected.get();
            }

            @Override public void connect(PeerId asked) throws IOException {
                dials.incrementAndGet();
                if (!reachable.get()) {
                    throw new IOException("unreachable");
                }
                connected.set(true);
            }
        }, shortest, new Loops(0), Log.silent());
    }

    @Test void dialsAgainUntilThePeerIsReached() throws Exception {
        PeerKeeper keeper = keeper(Duration.ofMillis(10));
        assertTrue(keeper.keep(peer));
        assertFalse(keeper.keep(peer));
        Conditions.await(() -> dials.get() >= 3);
        assertEquals("unreachable", keeper.failure(peer));
        reachable.set(true);
        Conditions.await(connected::get);
        assertEquals(List.of(peer), keeper.peers());
        keeper.close();
    }

    @Test void newsOfThePeerEndsThePause() throws Exception {
        PeerKeeper keeper = keeper(Duration.ofMinutes(5));
        keeper.keep(peer);
        Conditions.await(() -> dials.get() == 1);
        reachable.set(true);
        Conditions.await(() -> {
            keeper.news(peer);
            return connected.get();
        });
        keeper.close();
    }

    @Test void releasedPeerIsNotDialled() throws Exception {
        PeerKeeper keeper = keeper(Duration.ofMillis(10));
        keeper.keep(peer);
        Conditions.await(() -> dials.get() >= 1);
        assertTrue(keeper.release(peer));
        assertFalse(keeper.release(peer));
        assertEquals(List.of(), keeper.peers());
    }

    @Test void lostConnectionToAPeeredPeerIsDialledAnewAndSurvivesTrimming() throws Exception {
        try (Node a = new Node(); Node b = new Node()) {
            a.knows(b).swarm.peer(b.swarm.self());
            Conditions.await(() -> b.swarm.isConnected(a.swarm.self()));
            b.swarm.disconnect(a.swarm.self(), "test");
            Conditions.await(() -> !a.swarm.isConnected(b.swarm.self()));
            // the pause after a connection that was short is 5 s; news of the peer ends it
            a.swarm.addressBook().add(b.swarm.self(), Peers.addresses("/ip4/127.0.0.1/tcp/1"), AddressBook.FOREVER);
            Conditions.await(() -> a.swarm.isConnected(b.swarm.self()));
            assertEquals(List.of(b.swarm.self()), a.swarm.peered());
            a.swarm.unpeer(b.swarm.self());
            assertEquals(List.of(), a.swarm.peered());
        }
    }
}
