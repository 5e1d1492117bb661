package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.dht.RoutingTable.Outcome;
import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RoutingTableTest {
    private static final int K = 20;
    private final Random random = new Random(42);
    private final Key self = Key.of(Peers.random(random));
    private final RoutingTable table = new RoutingTable(self, K, 0, 0);

    private static KnownPeer peer(PeerId id) throws Exception {
        return new KnownPeer(id, List.of(Multiaddr.parse("/ip4/10.0.0.1/tcp/4001")));
    }

    private static Multiaddr at(String ip) throws Exception {
        return Multiaddr.parse("/ip4/" + ip + "/tcp/4001");
    }

    private PeerId sharing(int prefix) {
        PeerId id = Peers.random(random);
        while (self.commonPrefix(Key.of(id)) != prefix) {
            id = Peers.random(random);
        }
        return id;
    }

    @Test
    void nearestAreThoseThatAFullSortFinds() throws Exception {
        for (int round = 0; round < 20; round++) {
            RoutingTable filled = new RoutingTable(self, K, 0, 0);
            for (int i = 0; i < 50 * round; i++) {
                filled.offer(peer(Peers.random(random)), at("10.0.0.1"), 0);
            }
            for (int i = 0; i < 50; i++) {
                Key target = i == 0 ? self : Key.of(Peers.random(random));
                List<RoutingTable.Member> expected = new ArrayList<>(filled.members());
                expected.sort(Comparator.comparing(RoutingTable.Member::key, target::compareDistances));
                assertEquals(expected.subList(0, Math.min(K, expected.size())), filled.nearest(target, K));
            }
        }
    }

    @Test
    void bucketsNeverHoldMoreThanK() throws Exception {
        for (int i = 0; i < 5000; i++) {
            table.offer(peer(Peers.random(random)), at("10.0.0.1"), 0);
        }
        for (int prefix = 0; prefix < 6; prefix++) {
            int wanted = prefix;
            assertEquals(K, table.members().stream().filter(member -> self.commonPrefix(member.key()) == wanted).count());
        }
        assertTrue(table.size() < 12 * K);
    }

    @Test
    void whoIsInStaysAndWhoWaitsTakesTheFirstFreePlace() throws Exception {
        List<PeerId> first = new ArrayList<>();
        for (int i = 0; i < K; i++) {
            PeerId id = sharing(0);
            first.add(id);
            assertTrue(table.wants(id));
            assertEquals(Outcome.ADDED, table.offer(peer(id), at("10.0.0.1"), 0));
        }
        PeerId early = sharing(0);
        PeerId late = sharing(0);
        assertFalse(table.wants(late));
        assertEquals(Outcome.WAITING, table.offer(peer(early), at("10.0.0.1"), 1));
        assertEquals(Outcome.WAITING, table.offer(peer(late), at("10.0.0.1"), 2));
        assertEquals(Outcome.KNOWN, table.offer(peer(first.get(3)), at("10.0.0.1"), 3));
        assertTrue(table.remove(first.get(3)));
        assertTrue(table.member(late).isPresent());
        assertTrue(table.member(early).isEmpty());
        assertFalse(table.remove(first.get(3)));
        assertEquals(K, table.size());
    }

    @Test
    void thisNodeIsNotInItsOwnTable() throws Exception {
        PeerId me = Peers.random(random);
        RoutingTable own = new RoutingTable(Key.of(me), K, 0, 0);
        assertFalse(own.wants(me));
        assertEquals(Outcome.REFUSED, own.offer(peer(me), at("10.0.0.1"), 0));
    }

    @Test
    void oneNeighbourhoodGetsFewPlaces() throws Exception {
        RoutingTable diverse = new RoutingTable(self, K, 3, 2);
        assertEquals(Outcome.ADDED, diverse.offer(peer(sharing(0)), at("1.2.3.4"), 0));
        assertEquals(Outcome.ADDED, diverse.offer(peer(sharing(0)), at("1.2.200.4"), 0));
        assertEquals(Outcome.REFUSED, diverse.offer(peer(sharing(0)), at("1.2.3.5"), 0));
        PeerId third = sharing(1);
        assertEquals(Outcome.ADDED, diverse.offer(peer(third), at("1.2.3.6"), 0));
        assertEquals(Outcome.REFUSED, diverse.offer(peer(sharing(2)), at("1.2.3.7"), 0));
        assertEquals(Outcome.ADDED, diverse.offer(peer(sharing(2)), at("1.3.3.7"), 0));
        diverse.remove(third);
        assertEquals(Outcome.ADDED, diverse.offer(peer(sharing(2)), at("1.2.3.7"), 0));
    }

    @Test
    void placeThatBecomesFreeGoesToNobodyOfAFullNeighbourhood() throws Exception {
        RoutingTable diverse = new RoutingTable(self, 2, 1, 1);
        PeerId gone = sharing(0);
        diverse.offer(peer(gone), at("1.1.0.1"), 0);
        diverse.offer(peer(sharing(0)), at("1.2.0.1"), 0);
        assertEquals(Outcome.WAITING, diverse.offer(peer(sharing(0)), at("1.2.0.2"), 0));
        diverse.remove(gone);
        assertEquals(1, diverse.size());
    }

    @Test
    void peerWithoutAnAddressOfItsOwnIsRefusedWhereNeighbourhoodsCount() throws Exception {
        RoutingTable diverse = new RoutingTable(self, K, 3, 2);
        assertEquals(Outcome.REFUSED, diverse.offer(peer(sharing(0)), Multiaddr.parse("/dns4/example.com/tcp/1"), 0));
        assertEquals(Outcome.REFUSED, diverse.offer(peer(sharing(0)), Multiaddr.parse("/ip4/1.2.3.4/tcp/1/p2p-circuit"), 0));
    }

    @Test
    void silentMembersAreNamedUntilTheyAnswer() throws Exception {
        PeerId id = sharing(0);
        table.offer(peer(id), at("10.0.0.1"), 100);
        assertEquals(List.of(), table.silent(150, 50));
        assertEquals(1, table.silent(151, 50).size());
        table.answered(id, 151);
        assertEquals(List.of(), table.silent(151, 50));
    }

    @Test
    void bucketsAreRefreshedDownToOneBelowTheDeepest() throws Exception {
        assertEquals(List.of(), table.refreshDue(0, 15));
        table.offer(peer(sharing(2)), at("10.0.0.1"), 0);
        assertEquals(List.of(0, 1, 2, 3), table.refreshDue(0, 15));
        assertEquals(List.of(0, 1), table.refreshDue(0, 1));
        table.refreshed(1, 15);
        assertEquals(List.of(0, 2, 3), table.refreshDue(15, 15));
        assertEquals(List.of(0, 1, 2, 3), table.refreshDue(16, 15));
    }

    @Test
    void tableKeepsItsOrderWhateverIsOfferedAndRemoved() throws Exception {
        RoutingTable diverse = new RoutingTable(self, 4, 5, 2);
        List<PeerId> known = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            if (known.size() > 50 && random.nextInt(3) == 0) {
                diverse.remove(known.get(random.nextInt(known.size())));
            } else {
                PeerId id = Peers.random(random);
                known.add(id);
                diverse.offer(peer(id), at("1." + random.nextInt(12) + ".0.1"), i);
            }
            for (RoutingTable.Member member : diverse.members()) {
                long alike = diverse.members().stream().filter(other -> other.group().equals(member.group())).count();
                long inBucket = diverse.members().stream().filter(other -> self.commonPrefix(other.key()) == self.commonPrefix(member.key()))
                        .count();
                assertTrue(alike <= 5 && inBucket <= 4);
            }
        }
    }
}
