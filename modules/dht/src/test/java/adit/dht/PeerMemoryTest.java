package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.dht.RememberedPeer.Role;
import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.swarm.AddressBook;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PeerMemoryTest {
    private final LoopbackNode self = new LoopbackNode();
    private final LoopbackNode other = new LoopbackNode();
    private final PeerMemory memory = new PeerMemory(self.swarm);

    PeerMemoryTest() throws IOException {}

    @AfterEach void close() {
        self.close();
        other.close();
    }

    private void connect(LoopbackNode from, LoopbackNode to) throws IOException {
        from.swarm.addressBook().add(to.swarm.self(), List.of(to.address), AddressBook.FOREVER);
        from.swarm.connect(to.swarm.self());
        from.swarm.awaitIdentified(to.swarm.self());
    }

    private static RememberedPeer old(Role role, Instant seen) throws IOException {
        return new RememberedPeer(PrivateKey.generate().peerId(), List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/1")), role, seen);
    }

    private List<Role> roles() {
        return memory.current().stream().map(RememberedPeer::role).toList();
    }

    @Test void addressThatWorkedIsRemembered() throws Exception {
        connect(self, other);
        RememberedPeer remembered = memory.current().getFirst();
        assertEquals(other.swarm.self(), remembered.peer());
        assertEquals(List.of(other.address), remembered.addresses());
        assertEquals(Role.OTHER, remembered.role());
        self.swarm.disconnect(other.swarm.self(), "the test says so");
        assertEquals(1, memory.current().size(), "for the time when it is not there, too");
    }

    @Test void whoOnlyCameHereWasNotReached() throws Exception {
        connect(other, self);
        assertEquals(List.of(), memory.current());
    }

    @Test void serversOfADhtAndPeersOfTunnelsAreTold() throws Exception {
        other.swarm.handle("/ipfs/kad/1.0.0", true, stream -> stream.close());
        connect(self, other);
        assertEquals(List.of(Role.DHT), roles());
        self.swarm.peer(other.swarm.self());
        assertEquals(List.of(Role.TUNNEL), roles());
        self.swarm.unpeer(other.swarm.self());
        assertEquals(List.of(Role.TUNNEL), roles(), "the next run may want it again");
    }

    @Test void restoredAddressesAreDialled() throws Exception {
        RememberedPeer server = new RememberedPeer(other.swarm.self(), List.of(other.address), Role.DHT, Instant.now());
        List<KnownPeer> servers = memory.restore(List.of(old(Role.TUNNEL, Instant.now()), server));
        assertEquals(List.of(other.known()), servers);
        self.swarm.connect(other.swarm.self());
        assertTrue(self.isConnected(other));
    }

    @Test void theMostValuableStay() throws Exception {
        List<RememberedPeer> lastRun = new ArrayList<>();
        Instant now = Instant.now();
        for (int i = 0; i < PeerMemory.MAXIMUM_PEERS; i++) {
            lastRun.add(old(i % 4 == 0 ? Role.TUNNEL : i % 4 == 1 ? Role.DHT : Role.OTHER, now.minus(Duration.ofHours(i))));
        }
        memory.restore(lastRun);
        connect(self, other);
        List<RememberedPeer> kept = memory.current();
        assertEquals(PeerMemory.MAXIMUM_PEERS, kept.size());
        assertEquals(Role.TUNNEL, kept.getFirst().role());
        assertEquals(16, kept.stream().filter(peer -> peer.role() == Role.DHT).count());
        List<PeerId> ids = kept.stream().map(RememberedPeer::peer).toList();
        assertEquals(32, ids.indexOf(other.swarm.self()), "connected ones before the others of their role");
        assertEquals(List.of(lastRun.getLast().peer()), lastRun.stream().map(RememberedPeer::peer).filter(peer -> !ids.contains(peer)).toList());
    }

    @Test void peersOfTunnelsLeaveRoomForTheWayToOthers() throws Exception {
        List<RememberedPeer> lastRun = new ArrayList<>();
        for (int i = 0; i < PeerMemory.MAXIMUM_PEERS - 1; i++) {
            lastRun.add(old(Role.TUNNEL, Instant.now()));
        }
        lastRun.add(old(Role.DHT, Instant.now()));
        memory.restore(lastRun);
        assertEquals(33, memory.current().size());
        assertEquals(Role.DHT, memory.current().getLast().role());
    }

    @Test void longGonePeersAreForgotten() throws Exception {
        memory.restore(List.of(old(Role.TUNNEL, Instant.now().minus(Duration.ofDays(31))), old(Role.OTHER, Instant.now())));
        assertEquals(List.of(Role.OTHER), roles());
    }

    @Test void numberOfAddressesIsBounded() throws Exception {
        List<Multiaddr> many = new ArrayList<>();
        for (int port = 1; port <= PeerMemory.MAXIMUM_ADDRESSES; port++) {
            many.add(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port));
        }
        memory.restore(List.of(new RememberedPeer(other.swarm.self(), many, Role.OTHER, Instant.now())));
        connect(self, other);
        RememberedPeer peer = memory.current().getFirst();
        assertEquals(PeerMemory.MAXIMUM_ADDRESSES, peer.addresses().size());
        assertEquals(other.address, peer.addresses().getFirst());
    }
}
