package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LookupTest {
    private final Random random = new Random(11);
    private final Map<PeerId, Key> keys = new HashMap<>();
    private final LookupSettings settings = LookupSettings.defaults(0);

    private List<KnownPeer> peers(int count) {
        List<KnownPeer> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            peers.add(new KnownPeer(Peers.random(random), List.of()));
        }
        return peers;
    }

    private List<KnownPeer> nearest(List<KnownPeer> all, Key target, int count) {
        return all.stream().sorted(Comparator.comparing(peer -> keys.computeIfAbsent(peer.id(), Key::of), target::compareDistances))
                .limit(count).toList();
    }

    /** A network in which everybody knows the nearest of a few hundred random others and its own neighbours. */
    private Map<PeerId, List<KnownPeer>> acquaintances(List<KnownPeer> all, int each) {
        Map<PeerId, List<KnownPeer>> known = new HashMap<>();
        for (KnownPeer peer : all) {
            List<KnownPeer> others = new ArrayList<>(nearest(all, Key.of(peer.id()), 21));
            for (int i = 0; i < each; i++) {
                others.add(all.get(random.nextInt(all.size())));
            }
            known.put(peer.id(), others);
        }
        return known;
    }

    /** Drives it to its end, answering the oldest request first; null means no answer. */
    private static void run(Lookup lookup, Function<PeerId, List<KnownPeer>> network, int parallel) {
        Deque<KnownPeer> under = new ArrayDeque<>();
        while (!lookup.isOver()) {
            for (KnownPeer next = lookup.next(); next != null; next = lookup.next()) {
                under.add(next);
            }
            assertTrue(under.size() <= parallel);
            assertFalse(under.isEmpty(), "not over, but nobody to wait for");
            PeerId asked = under.remove().id();
            List<KnownPeer> answer = network.apply(asked);
            if (answer == null) {
                lookup.failed(asked);
            } else {
                lookup.answered(asked, answer);
            }
        }
    }

    @Test
    void findsTheNearestOfAll() {
        List<KnownPeer> all = peers(800);
        Map<PeerId, List<KnownPeer>> known = acquaintances(all, 100);
        for (int i = 0; i < 10; i++) {
            Key target = Key.of(Peers.random(random));
            Lookup lookup = new Lookup(target, settings, Set.of(), known.get(all.get(i).id()).subList(0, 20));
            run(lookup, peer -> nearest(known.get(peer), target, 20), settings.parallel());
            assertEquals(nearest(all, target, 20), lookup.closest());
            assertTrue(lookup.asked() < 120, "asked " + lookup.asked());
        }
    }

    @Test
    void deadPeersAreNotInTheAnswer() {
        List<KnownPeer> all = peers(1000);
        Map<PeerId, List<KnownPeer>> known = acquaintances(all, 100);
        Set<PeerId> dead = all.stream().limit(300).map(KnownPeer::id).collect(Collectors.toSet());
        List<KnownPeer> alive = all.subList(300, 1000);
        for (int i = 0; i < 10; i++) {
            Key target = Key.of(Peers.random(random));
            Lookup lookup = new Lookup(target, settings, Set.of(), nearest(known.get(alive.get(i).id()), target, 20));
            run(lookup, peer -> dead.contains(peer) ? null : nearest(known.get(peer), target, 20), settings.parallel());
            assertTrue(lookup.closest().stream().noneMatch(peer -> dead.contains(peer.id())));
            // nobody in this network notices who is dead and gives up a place, so some may be missed
            List<KnownPeer> found = new ArrayList<>(nearest(alive, target, 20));
            found.retainAll(lookup.closest());
            assertTrue(found.size() >= 16, found.size() + " of the 20 nearest were found");
        }
    }

    @Test
    void networkSmallerThanKIsAskedWhole() {
        List<KnownPeer> all = peers(5);
        Lookup lookup = new Lookup(Key.of(Peers.random(random)), settings, Set.of(), all.subList(0, 1));
        run(lookup, peer -> all, settings.parallel());
        assertEquals(new HashSet<>(all), new HashSet<>(lookup.closest()));
        assertEquals(5, lookup.asked());
    }

    @Test
    void withoutSeedsItIsOverAtOnce() {
        Lookup lookup = new Lookup(Key.of(Peers.random(random)), settings, Set.of(), List.of());
        assertTrue(lookup.isOver());
        assertNull(lookup.next());
    }

    @Test
    void whoIsExcludedIsNeverAsked() {
        List<KnownPeer> all = peers(40);
        PeerId target = all.get(7).id();
        Lookup lookup = new Lookup(Key.of(target), settings, Set.of(target, all.get(8).id()), all.subList(0, 10));
        Set<PeerId> asked = new HashSet<>();
        run(lookup, peer -> {
            asked.add(peer);
            return all;
        }, settings.parallel());
        assertFalse(asked.contains(target) || asked.contains(all.get(8).id()));
        assertTrue(lookup.closest().stream().noneMatch(peer -> peer.id().equals(target)));
    }

    @Test
    void peersThatInventNearerOnesDoNotKeepItGoingForEver() {
        Key target = Key.of(Peers.random(random));
        Lookup lookup = new Lookup(target, settings, Set.of(), peers(20));
        run(lookup, peer -> peers(20), settings.parallel());
        assertTrue(lookup.asked() <= settings.maximumAsked());
    }

    @Test
    void onePathThatIsLedAstrayDoesNotHideTheOthersFindings() {
        List<KnownPeer> all = peers(1000);
        Map<PeerId, List<KnownPeer>> known = acquaintances(all, 100);
        int right = 0;
        for (int i = 0; i < 10; i++) {
            Key target = Key.of(Peers.random(random));
            List<KnownPeer> seeds = nearest(known.get(all.get(i).id()), target, 20);
            // the very nearest seed is hostile and tells of itself and its dead friends alone
            PeerId hostile = seeds.getFirst().id();
            List<KnownPeer> lies = nearest(peers(800), target, 20);
            Lookup lookup = new Lookup(target, settings, Set.of(), seeds);
            run(lookup, peer -> peer.equals(hostile) ? lies : known.containsKey(peer) ? nearest(known.get(peer), target, 20) : null,
                    settings.parallel());
            right += lookup.closest().equals(nearest(all, target, 20)) ? 1 : 0;
        }
        assertEquals(10, right);
    }

    @Test
    void peerWithAWrongAddressIsTriedAgainOnceWhenAnotherIsTold() throws Exception {
        PeerId victim = Peers.random(random);
        KnownPeer wrong = new KnownPeer(victim, List.of(Multiaddr.parse("/ip4/1.1.1.1/tcp/1")));
        KnownPeer right = new KnownPeer(victim, List.of(Multiaddr.parse("/ip4/2.2.2.2/tcp/2")));
        List<KnownPeer> seeds = peers(2);
        Lookup lookup = new Lookup(Key.of(victim), settings, Set.of(), seeds);
        PeerId liar = lookup.next().id();
        PeerId honest = lookup.next().id();
        lookup.answered(liar, List.of(wrong));
        assertEquals(wrong, lookup.next());
        lookup.failed(victim);
        lookup.answered(honest, List.of(right));
        KnownPeer again = lookup.next();
        assertNotNull(again);
        assertEquals(List.of(wrong.addresses().getFirst(), right.addresses().getFirst()), again.addresses());
        lookup.answered(victim, List.of());
        assertTrue(lookup.isOver());
        assertEquals(victim, lookup.closest().getFirst().id());
    }

    @Test
    void answerFullOfOneNeighbourhoodIsNotBelieved() throws Exception {
        List<KnownPeer> crowd = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            crowd.add(new KnownPeer(Peers.random(random), List.of(Multiaddr.parse("/ip4/9.9." + i + ".1/tcp/1"))));
        }
        KnownPeer loner = new KnownPeer(Peers.random(random), List.of(Multiaddr.parse("/ip4/8.8.8.8/tcp/1")));
        crowd.add(loner);
        KnownPeer seed = peers(1).getFirst();
        Lookup lookup = new Lookup(Key.of(Peers.random(random)), LookupSettings.defaults(3), Set.of(), List.of(seed));
        lookup.next();
        lookup.answered(seed.id(), crowd);
        assertEquals(loner, lookup.next());
        assertNull(lookup.next());
    }

    @Test
    void answersNobodyAskedForAreIgnored() {
        KnownPeer seed = peers(1).getFirst();
        Lookup lookup = new Lookup(Key.of(Peers.random(random)), settings, Set.of(), List.of(seed));
        lookup.answered(seed.id(), peers(3));
        lookup.failed(peers(1).getFirst().id());
        assertEquals(0, lookup.answers());
        assertEquals(seed.id(), lookup.next().id());
        lookup.failed(seed.id());
        lookup.failed(seed.id());
        assertTrue(lookup.isOver());
    }

    @Test
    void stoppedItAsksNobody() {
        Lookup lookup = new Lookup(Key.of(Peers.random(random)), settings, Set.of(), peers(5));
        lookup.next();
        lookup.stop();
        assertTrue(lookup.isOver());
        assertNull(lookup.next());
    }
}
