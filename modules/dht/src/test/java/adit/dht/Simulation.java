package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * A network of simulated nodes: the program's own tables, look-ups and answers, a transport that is a queue of events, and a
 * clock that jumps from one to the next. The same seed gives the same figures.
 */
final class Simulation {
    private static final long MILLISECOND = 1_000_000;

    /** Dial, handshake and question take several round trips. */
    private static final int ROUND_TRIPS = 4;
    private static final long SILENCE = 5_000 * MILLISECOND;
    private static final int K = 20;

    /** How a node behaves. */
    enum Kind { HONEST, DEAD, LIAR, SELFISH, SILENT }

    /** One node. */
    static final class SimulatedNode {
        final KnownPeer peer;
        final RoutingTable table;
        final RequestHandler handler;
        final Set<KnownPeer> met = new HashSet<>();
        Kind kind = Kind.HONEST;

        SimulatedNode(KnownPeer peer) {
            this.peer = peer;
            table = new RoutingTable(Key.of(peer.id()), K, 3, 2);
            handler = new RequestHandler(table, K, Realm.PUBLIC, new ValueStore(1, 1, Instant::now), new ProviderStore(1, 1, 1, () -> 0),
                    id -> met.stream().filter(known -> known.id().equals(id)).flatMap(known -> known.addresses().stream()).toList());
        }
    }

    /**
     * What one search came to.
     *
     * @param hops of the answer that told of the peer; -1 when it was not found
     * @param milliseconds until then
     * @param asked requests until the look-up was over
     */
    record Found(int hops, long milliseconds, int asked) {}

    private record Event(long at, long order, Runnable action) {}

    private final Random random;
    private final Map<PeerId, SimulatedNode> nodes = new HashMap<>();
    private final List<SimulatedNode> order = new ArrayList<>();
    private boolean isLearning = true;
    /** Whoever is asked keeps the addresses of who asks, for longer than from one refresh to the next. */
    private boolean isRemembered;

    Simulation(int size, long seed) {
        random = new Random(seed);
        for (int i = 0; i < size; i++) {
            join(Peers.random(random));
        }
        isLearning = false;
    }

    private SimulatedNode add(PeerId id, Multiaddr address) {
        SimulatedNode node = new SimulatedNode(new KnownPeer(id, List.of(address)));
        nodes.put(id, node);
        order.add(node);
        return node;
    }

    private Multiaddr publicAddress() {
        return address("/ip4/" + (60 + random.nextInt(60)) + "." + random.nextInt(256) + "." + random.nextInt(256) + ".1/tcp/4001");
    }

    private static Multiaddr address(String text) {
        try {
            return Multiaddr.parse(text);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    /** As a node does when it starts: it meets one other, looks for itself, then for a key of each bucket. */
    private void join(PeerId id) {
        SimulatedNode first = order.isEmpty() ? null : order.get(random.nextInt(order.size()));
        SimulatedNode node = add(id, publicAddress());
        if (first == null) {
            return;
        }
        meet(node, first);
        search(node, node.peer.id());
        for (int prefix : node.table.refreshDue(0, 8)) {
            search(node, sharing(Key.of(node.peer.id()), prefix, prefix));
        }
    }

    /** The text of a peer id costs more than a hundred hashes: it is made for the one that fits. */
    private PeerId sharing(Key key, int fromBits, int toBits) {
        byte[] id = Peers.random(random).toBytes();
        for (int shared = -1; shared < fromBits || shared > toBits; shared = key.commonPrefix(Key.of(id))) {
            random.nextBytes(id);
            id[0] = 0x12;
            id[1] = 0x20;
        }
        try {
            return PeerId.fromBytes(id);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static void meet(SimulatedNode left, SimulatedNode right) {
        left.table.offer(right.peer, right.peer.addresses().getFirst(), 0);
        right.table.offer(left.peer, left.peer.addresses().getFirst(), 0);
    }

    // ---- what goes wrong

    /** So many of a hundred nodes behave so from now on. */
    void spoil(int percent, Kind... kinds) {
        List<SimulatedNode> shuffled = new ArrayList<>(order);
        Collections.shuffle(shuffled, random);
        for (int i = 0; i < shuffled.size() * percent / 100; i++) {
            shuffled.get(i).kind = kinds[i % kinds.length];
        }
    }

    /** So many liars from so many neighbourhoods come to stand nearer to a peer than anybody, and make themselves known. */
    void surround(PeerId victim, int count, int neighbourhoods) {
        int bits = 32 - Integer.numberOfLeadingZeros(order.size()) + 2;
        for (int i = 0; i < count; i++) {
            PeerId id = sharing(Key.of(victim), bits, Key.BITS);
            SimulatedNode sybil = add(id, address("/ip4/9." + (i % neighbourhoods) + ".0." + i + "/tcp/4001"));
            sybil.kind = Kind.SELFISH;
            order.removeLast();
            meet(sybil, order.get(random.nextInt(order.size())));
            isLearning = true;
            search(sybil, victim);
            isLearning = false;
        }
    }

    // ---- searching

    /** A search by a random honest node for another one. */
    Found searchRandomly() {
        SimulatedNode from = honest();
        SimulatedNode wanted = honest();
        while (wanted == from) {
            wanted = honest();
        }
        return search(from, wanted.peer.id());
    }

    SimulatedNode honest() {
        SimulatedNode node = order.get(random.nextInt(order.size()));
        while (node.kind != Kind.HONEST) {
            node = order.get(random.nextInt(order.size()));
        }
        return node;
    }

    /** Runs a look-up to its end. */
    Found search(SimulatedNode from, PeerId wanted) {
        Set<PeerId> excluded = isLearning ? Set.of(from.peer.id()) : Set.of(from.peer.id(), wanted);
        Lookup lookup = new Lookup(Key.of(wanted), LookupSettings.defaults(3), excluded,
                from.table.nearest(Key.of(wanted), K).stream().map(RoutingTable.Member::peer).toList());
        PriorityQueue<Event> events = new PriorityQueue<>((left, right) -> left.at() == right.at()
                ? Long.compare(left.order(), right.order()) : Long.compare(left.at(), right.at()));
        Found[] found = {new Found(from.table.member(wanted).isPresent() ? 0 : -1, 0, 0)};
        long[] clock = {0, 0};
        while (!lookup.isOver()) {
            for (KnownPeer next = lookup.next(); next != null; next = lookup.next()) {
                KnownPeer peer = next;
                SimulatedNode asked = nodes.get(peer.id());
                boolean isMute = asked == null || asked.kind == Kind.DEAD || asked.kind == Kind.SILENT;
                long takes = isMute ? SILENCE : ROUND_TRIPS * (20 + random.nextInt(280)) * MILLISECOND;
                events.add(new Event(clock[0] + takes, clock[1]++, () -> {
                    if (isMute) {
                        lookup.failed(peer.id());
                        return;
                    }
                    List<KnownPeer> told = answer(asked, from, wanted);
                    lookup.answered(peer.id(), told);
                    if (found[0].hops() < 0 && told.stream().anyMatch(each -> each.equals(peerOf(wanted)))) {
                        found[0] = new Found(lookup.hops() + 1, clock[0] / MILLISECOND, 0);
                    }
                }));
            }
            Event event = events.remove();
            clock[0] = event.at();
            event.action().run();
        }
        return new Found(found[0].hops(), found[0].milliseconds(), lookup.asked());
    }

    private KnownPeer peerOf(PeerId id) {
        return nodes.containsKey(id) ? nodes.get(id).peer : null;
    }

    private List<KnownPeer> answer(SimulatedNode asked, SimulatedNode from, PeerId wanted) {
        if (isLearning) {
            meet(from, asked);
        }
        if (isRemembered) {
            asked.met.add(from.peer);
        }
        return switch (asked.kind) {
            case LIAR -> lies();
            // only friends, the nearest of them
            case SELFISH -> nodes.values().stream().filter(node -> node.kind == Kind.SELFISH && !node.peer.id().equals(wanted))
                    .sorted((left, right) -> Key.of(wanted).compareDistances(keyOf(left), keyOf(right))).limit(K).map(node -> node.peer).toList();
            default -> {
                try {
                    yield asked.handler.answer(from.peer.id(), Message.findNode(wanted.toBytes())).closerPeers();
                } catch (MalformedException e) {
                    throw new AssertionError(e);
                }
            }
        };
    }

    private final Map<PeerId, Key> keys = new HashMap<>();

    private Key keyOf(SimulatedNode node) {
        return keys.computeIfAbsent(node.peer.id(), Key::of);
    }

    /** Peers that do not exist. */
    private List<KnownPeer> lies() {
        List<KnownPeer> lies = new ArrayList<>();
        for (int i = 0; i < K; i++) {
            lies.add(new KnownPeer(Peers.random(random), List.of(publicAddress())));
        }
        return lies;
    }

    // ---- figures

    /** The figures of many searches. */
    record Figures(int searches, int found, double meanHops, int hops99, int hopsMost, long median, long time99, long timeMost,
            double meanAsked, int mostAsked) {
        double success() {
            return 100.0 * found / searches;
        }

        @Override public String toString() {
            return String.format("%.1f %% | %.2f | %d | %d | %d | %d | %d | %.1f | %d", success(), meanHops, hops99, hopsMost, median, time99,
                    timeMost, meanAsked, mostAsked);
        }
    }

    Figures measure(int searches) {
        List<Found> all = new ArrayList<>();
        for (int i = 0; i < searches; i++) {
            all.add(searchRandomly());
        }
        return figures(all);
    }

    static Figures figures(List<Found> all) {
        List<Found> found = all.stream().filter(each -> each.hops() >= 0).toList();
        long[] hops = found.stream().mapToLong(Found::hops).sorted().toArray();
        long[] times = found.stream().mapToLong(Found::milliseconds).sorted().toArray();
        long[] asked = all.stream().mapToLong(Found::asked).sorted().toArray();
        return new Figures(all.size(), found.size(), Arrays.stream(hops).average().orElse(0), (int) at(hops, 99), (int) at(hops, 100),
                at(times, 50), at(times, 99), at(times, 100), Arrays.stream(asked).average().orElse(0), (int) at(asked, 100));
    }

    /** 100 is the last. */
    private static long at(long[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    /** Prints the table of docs/dht-simulation.md for the sizes given. */
    public static void main(String[] sizes) {
        System.out.println("nodes | trouble | found | hops | hops 99 % | most | ms, median | ms, 99 % | most | requests | most");
        for (String size : sizes) {
            int count = Integer.parseInt(size);
            report(size, "none", new Simulation(count, 1));
            for (int percent : new int[] {10, 30}) {
                Simulation dying = new Simulation(count, 1);
                dying.spoil(percent, Kind.DEAD);
                report(size, percent + " % dead", dying);
            }
            Simulation hostile = new Simulation(count, 1);
            hostile.spoil(20, Kind.LIAR, Kind.SELFISH, Kind.SILENT);
            report(size, "20 % hostile", hostile);
            for (int neighbourhoods : new int[] {2, 20}) {
                System.out.println(size + " | 20 sybils of " + neighbourhoods + " /16 | " + surrounded(count, 10, neighbourhoods, false));
                System.out.println(size + " | the same, the peer joins later | " + surrounded(count, 10, neighbourhoods, true));
            }
        }
    }

    private static void report(String size, String trouble, Simulation simulation) {
        System.out.println(size + " | " + trouble + " | " + simulation.measure(1000));
    }

    /** @param joinsLater they are there before the peer is */
    static Figures surrounded(int count, int victims, int neighbourhoods, boolean joinsLater) {
        Simulation simulation = new Simulation(count, 2);
        List<Found> all = new ArrayList<>();
        for (int i = 0; i < victims; i++) {
            PeerId victim = joinsLater ? Peers.random(simulation.random) : simulation.honest().peer.id();
            simulation.surround(victim, 20, neighbourhoods);
            if (joinsLater) {
                simulation.isLearning = true;
                simulation.isRemembered = true;
                simulation.join(victim);
                simulation.isLearning = false;
                simulation.isRemembered = false;
            }
            for (int j = 0; j < 20; j++) {
                SimulatedNode from = simulation.honest();
                if (!from.peer.id().equals(victim)) {
                    all.add(simulation.search(from, victim));
                }
            }
        }
        return figures(all);
    }
}
