package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.swarm.DialFailedException;
import adit.transport.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DhtTest {
    private final List<LoopbackNode> nodes = new ArrayList<>();
    private final List<Dht> dhts = new ArrayList<>();

    private LoopbackNode join(DhtMode mode) throws Exception {
        return join(mode, new LoopbackNode());
    }

    private LoopbackNode join(DhtMode mode, LoopbackNode node) throws Exception {
        Dht dht = new Dht(node.swarm, DhtSettings.defaults().with(mode, "/test", true), () -> false, node.loops, node.deadlines, Log.silent());
        dht.start();
        if (!nodes.isEmpty()) {
            connect(node, nodes.getFirst());
        }
        nodes.add(node);
        dhts.add(dht);
        return node;
    }

    private static void connect(LoopbackNode from, LoopbackNode to) throws Exception {
        from.swarm.addressBook().add(to.swarm.self(), List.of(to.address), Duration.ofMinutes(1));
        from.swarm.connect(to.swarm.self());
    }

    private Dht dht(LoopbackNode node) {
        return dhts.get(nodes.indexOf(node));
    }

    private void awaitMembers(LoopbackNode node, int count) throws InterruptedException {
        LoopbackNode.await(() -> dht(node).status().localSize() >= count);
    }

    @AfterEach void close() {
        dhts.forEach(Dht::close);
        nodes.forEach(LoopbackNode::close);
    }

    @Test void nodesThatMetOneFindEachOtherByIdAlone() throws Exception {
        LoopbackNode first = join(DhtMode.AUTO);
        List<LoopbackNode> others = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            others.add(join(DhtMode.AUTO));
        }
        awaitMembers(first, 6);
        for (LoopbackNode node : others) {
            awaitMembers(node, 1);
        }
        for (LoopbackNode from : others) {
            for (LoopbackNode to : others) {
                if (from != to) {
                    from.swarm.connect(to.swarm.self());
                    assertTrue(from.isConnected(to));
                }
            }
        }
    }

    @Test void clientIsFoundThroughThePeersItIsConnectedTo() throws Exception {
        LoopbackNode first = join(DhtMode.AUTO);
        LoopbackNode client = join(DhtMode.CLIENT);
        LoopbackNode seeker = join(DhtMode.AUTO);
        awaitMembers(client, 1);
        awaitMembers(seeker, 1);
        LoopbackNode.await(() -> first.swarm.addressBook().addresses(client.swarm.self()).contains(client.address));
        seeker.swarm.connect(client.swarm.self());
        assertTrue(seeker.isConnected(client));
        assertEquals(0, dht(first).status().localSize() - 1, "a client is in nobody's table");
    }

    @Test void onlyServersAdvertiseTheProtocol() throws Exception {
        LoopbackNode server = join(DhtMode.SERVER);
        LoopbackNode client = join(DhtMode.CLIENT);
        LoopbackNode automatic = join(DhtMode.AUTO);
        assertTrue(server.swarm.protocols().containsAll(Set.of("/test/kad/1.0.0", "/test/lan/kad/1.0.0")));
        assertFalse(client.swarm.protocols().stream().anyMatch(name -> name.contains("/kad/")));
        assertTrue(automatic.swarm.protocols().contains("/test/lan/kad/1.0.0"));
        assertFalse(automatic.swarm.protocols().contains("/test/kad/1.0.0"));
    }

    @Test void stepsOfASearchAreTold() throws Exception {
        LoopbackNode first = join(DhtMode.AUTO);
        LoopbackNode wanted = join(DhtMode.AUTO);
        LoopbackNode seeker = join(DhtMode.AUTO);
        awaitMembers(seeker, 1);
        LoopbackNode.await(() -> first.swarm.identified(wanted.swarm.self()).isPresent());
        Set<SearchEvent.Kind> kinds = ConcurrentHashMap.newKeySet();
        // the refresh may have connected them already: a search all the same
        dht(seeker).watch(wanted.swarm.self(), event -> kinds.add(event.kind()));
        Set<Object> found = ConcurrentHashMap.newKeySet();
        dht(seeker).find(wanted.swarm.self(), found::addAll);
        assertTrue(found.contains(wanted.address), found::toString);
        assertTrue(kinds.containsAll(Set.of(SearchEvent.Kind.SENDING_QUERY, SearchEvent.Kind.PEER_RESPONSE)), kinds::toString);
    }

    @Test void peerThatNobodyHasSeenIsSaidToBeUnknown() throws Exception {
        join(DhtMode.AUTO);
        LoopbackNode seeker = join(DhtMode.AUTO);
        awaitMembers(seeker, 1);
        PeerId nobody = Peers.random(new Random(3));
        DialFailedException failure = assertThrows(DialFailedException.class, () -> seeker.swarm.connect(nobody));
        assertTrue(failure.getMessage().contains("the DHT does not know it: 1 of 1 peers asked have answered"), failure.getMessage());
    }

    @Test void whoWatchesSeesTheStepsAlthoughOthersHaveJustSearchedInVain() throws Exception {
        join(DhtMode.AUTO);
        LoopbackNode seeker = join(DhtMode.AUTO);
        awaitMembers(seeker, 1);
        PeerId nobody = Peers.random(new Random(3));
        dht(seeker).find(nobody, found -> { });
        Set<SearchEvent.Kind> kinds = ConcurrentHashMap.newKeySet();
        dht(seeker).watch(nobody, event -> kinds.add(event.kind()));
        dht(seeker).find(nobody, found -> { });
        assertTrue(kinds.contains(SearchEvent.Kind.PEER_RESPONSE), kinds::toString);
    }

    @Test void nodeWithoutPeersSaysSo() throws Exception {
        LoopbackNode lonely = join(DhtMode.AUTO);
        DialFailedException failure = assertThrows(DialFailedException.class, () -> lonely.swarm.connect(Peers.random(new Random(3))));
        assertTrue(failure.getMessage().contains("this node knows no other peers yet"), failure.getMessage());
    }

    @Test void peerThatMovesIsFoundAgain() throws Exception {
        LoopbackNode first = join(DhtMode.AUTO);
        LoopbackNode seeker = join(DhtMode.AUTO);
        LoopbackNode moving = join(DhtMode.AUTO);
        awaitMembers(seeker, 1);
        // an address where nobody is
        LoopbackNode gone = new LoopbackNode();
        gone.close();
        seeker.swarm.disconnect(moving.swarm.self(), "test");
        seeker.swarm.addressBook().remove(moving.swarm.self());
        seeker.swarm.addressBook().add(moving.swarm.self(), List.of(gone.address), Duration.ofMinutes(1));
        LoopbackNode.await(() -> first.swarm.identified(moving.swarm.self()).isPresent());
        seeker.swarm.connect(moving.swarm.self());
        assertTrue(seeker.isConnected(moving));
    }

    @Test void nodeSeesItselfAsStrangersDo() throws Exception {
        LoopbackNode first = join(DhtMode.AUTO);
        LoopbackNode client = join(DhtMode.CLIENT);
        awaitMembers(client, 1);
        LoopbackNode.await(() -> first.swarm.addressBook().addresses(client.swarm.self()).contains(client.address));
        OutsideView view = lookFromOutside(client);
        assertTrue(view.isFound() && !view.isWide(), view::toString);
        assertEquals(List.of(client.address), view.addresses());
        assertEquals(1, view.nearest());
        assertEquals(1, view.telling());
        assertEquals(List.of(view), dht(client).seenFromOutside());
    }

    @Test void nodeThatNobodyTellsOfSeesSo() throws Exception {
        LoopbackNode first = join(DhtMode.AUTO);
        LoopbackNode client = join(DhtMode.CLIENT, new LoopbackNode(false));
        awaitMembers(client, 1);
        LoopbackNode.await(() -> first.swarm.identified(client.swarm.self()).isPresent());
        OutsideView view = lookFromOutside(client);
        assertFalse(view.isFound(), view::toString);
        assertEquals(0, view.telling());
        assertEquals(1, view.nearest());
    }

    @Test void nodeThatKnowsNobodyIsSeenByNobody() throws Exception {
        LoopbackNode lonely = join(DhtMode.AUTO);
        try (LoopbackNode stranger = new LoopbackNode()) {
            assertEquals(List.of(), dht(lonely).lookFromOutside(stranger.swarm));
        }
    }

    private OutsideView lookFromOutside(LoopbackNode node) throws Exception {
        try (LoopbackNode stranger = new LoopbackNode()) {
            return dht(node).lookFromOutside(stranger.swarm).getFirst();
        }
    }

    @Test void bucketsOfANodeThatServesNobodyRestWhenThereIsNothingNew() throws Exception {
        LoopbackNode server = join(DhtMode.AUTO);
        try (LoopbackNode client = new LoopbackNode()) {
            Kademlia table = new Kademlia(client.swarm, Realm.LOCAL_WITH_LOOPBACK, DhtSettings.defaults().with(DhtMode.CLIENT, "/test", true), client.loops,
                    client.deadlines, Log.silent(), () -> { });
            connect(client, server);
            client.swarm.awaitIdentified(server.swarm.self());
            table.identified(server.swarm.self());
            LoopbackNode.await(() -> table.table().size() == 1);
            table.refresh();
            long soon = System.nanoTime() + Duration.ofMinutes(11).toNanos();
            assertEquals(List.of(), table.table().refreshDue(soon, RefreshKey.DEEPEST), "the only peer is known already");
            assertFalse(table.table().refreshDue(soon + Duration.ofHours(1).toNanos(), RefreshKey.DEEPEST).isEmpty());
            table.serve(true);
            table.table().refreshed(0, System.nanoTime() - 1);
            table.refresh();
            assertEquals(List.of(0), table.table().refreshDue(soon, 0), "others find by a server's table");
        }
    }
}
