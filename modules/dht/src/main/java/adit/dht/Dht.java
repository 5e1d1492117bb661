package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.AddressFinder;
import adit.swarm.Swarm;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The DHT of the node: a public table and a local one, as Kubo has them, kept up by one loop; the way to find addresses that
 * {@link Swarm} is given. With nobody connected it is silent. Thread-safe; the monitor guards the upkeep's wishes and what was
 * searched in vain.
 */
public final class Dht implements AddressFinder, AutoCloseable {
    /** Between two refreshes that new members ask for. */
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(30);

    /** How often it is looked whether this node can be reached. */
    private static final Duration MODE_CHECK = Duration.ofMinutes(1);

    /** Who was searched in vain is not searched again for so long: a hundred clients must not mean a hundred searches. */
    private static final Duration FRUITLESS = Duration.ofSeconds(3);
    private static final int MAXIMUM_FRUITLESS = 256;

    /** Addresses of a peer believed in one search: anybody can tell them, and each is dialled, whoever is there. */
    static final int MAXIMUM_TOLD = 64;

    /** Below so many members each new one is a reason to look for more. */
    private static final int FEW = 10;

    private static final String TAG = "dht";

    private final Swarm swarm;
    private final DhtSettings settings;
    private final BooleanSupplier isReachable;
    private final Loops loops;
    private final Deadlines deadlines;
    private final Log log;
    private final Kademlia wide;
    private final Kademlia local;
    private final Map<PeerId, Set<Consumer<SearchEvent>>> watchers = new ConcurrentHashMap<>();
    private final Map<PeerId, Fruitless> fruitless = new LinkedHashMap<>();
    private final Set<PeerId> neighbours = new HashSet<>();
    private Thread thread;
    private final Semaphore looks = new Semaphore(1);
    private boolean isWanted = true;
    private volatile Seen seen = new Seen(List.of(), 0);
    private volatile long refreshedAt;
    private volatile boolean isRefreshed;

    private record Fruitless(String reason, long at) {}

    private record Seen(List<OutsideView> views, long at) {}

    /**
     * What it is like now.
     *
     * @param wideSize members of the public table
     * @param localSize members of the local table
     * @param isWideServer whether it answers in the public network
     * @param isLocalServer whether it answers in the local network
     * @param sinceRefresh how long ago the last refresh ended; null before the first
     */
    public record Status(int wideSize, int localSize, boolean isWideServer, boolean isLocalServer, Duration sinceRefresh) {}

    /**
     * Nothing happens before {@link #start}.
     *
     * @param isReachable whether this node is known to be reached from the public network; asked now and then
     */
    public Dht(Swarm swarm, DhtSettings settings, BooleanSupplier isReachable, Loops loops, Deadlines deadlines, Log log) {
        this.swarm = swarm;
        this.settings = settings;
        this.isReachable = isReachable;
        this.loops = loops;
        this.deadlines = deadlines;
        this.log = log;
        wide = new Kademlia(swarm, Realm.PUBLIC, settings, loops, deadlines, log, this::newMember);
        Realm near = settings.hasLoopback() ? Realm.LOCAL_WITH_LOOPBACK : Realm.LOCAL;
        local = new Kademlia(swarm, near, settings, loops, deadlines, log, this::newMember);
    }

    /** Serves, finds addresses for the swarm, and keeps its tables; does not block. */
    public synchronized void start() {
        chooseMode();
        swarm.onIdentified(peer -> {
            wide.identified(peer);
            local.identified(peer);
        });
        swarm.dialer().findBy(this);
        thread = loops.start("dht upkeep", this::upkeepLoop);
    }

    private void chooseMode() {
        local.serve(settings.mode() != DhtMode.CLIENT);
        wide.serve(settings.mode() == DhtMode.SERVER || settings.mode() == DhtMode.AUTO && isReachable.getAsBoolean());
    }

    /** Ends the upkeep; searches end with their callers. */
    @Override public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
        local.serve(false);
        wide.serve(false);
    }

    /** What it is like now. */
    public Status status() {
        return new Status(wide.table().size(), local.table().size(), wide.isServing(), local.isServing(),
                isRefreshed ? Duration.ofNanos(System.nanoTime() - refreshedAt) : null);
    }

    // ---- searching

    /** The watcher hears of the steps of every search for that peer, from several threads, until it is taken away. */
    public void watch(PeerId peer, Consumer<SearchEvent> watcher) {
        watchers.compute(peer, (p, present) -> {
            Set<Consumer<SearchEvent>> all = present == null ? ConcurrentHashMap.newKeySet() : present;
            all.add(watcher);
            return all;
        });
    }

    /** Takes a watcher away. */
    public void unwatch(PeerId peer, Consumer<SearchEvent> watcher) {
        watchers.computeIfPresent(peer, (p, present) -> {
            present.remove(watcher);
            return present.isEmpty() ? null : present;
        });
    }

    private void tell(PeerId peer, SearchEvent event) {
        watchers.getOrDefault(peer, Set.of()).forEach(watcher -> watcher.accept(event));
    }

    /** Searches both tables at once. */
    @Override public String find(PeerId peer, Consumer<List<Multiaddr>> found) throws InterruptedException {
        // who watches wants to see the steps
        String known = watchers.containsKey(peer) ? null : searchedInVain(peer);
        if (known != null) {
            return known;
        }
        List<Kademlia> tables = new ArrayList<>(List.of(wide, local));
        tables.removeIf(table -> table.table().size() == 0);
        if (tables.isEmpty()) {
            return "the DHT: this node knows no other peers yet";
        }
        Search search = new Search(peer, found, tables.size());
        List<Thread> threads = new ArrayList<>();
        for (Kademlia table : tables) {
            threads.add(loops.start("dht search " + peer, () -> search.searchLoop(table)));
        }
        try {
            search.over.await();
        } finally {
            threads.forEach(Thread::interrupt);
        }
        String outcome = search.outcome();
        if (!search.isFound) {
            remember(peer, outcome);
        }
        return outcome;
    }

    private synchronized String searchedInVain(PeerId peer) {
        Fruitless last = fruitless.get(peer);
        return last == null || System.nanoTime() - last.at() > FRUITLESS.toNanos() ? null : last.reason();
    }

    private synchronized void remember(PeerId peer, String reason) {
        fruitless.remove(peer);
        fruitless.put(peer, new Fruitless(reason, System.nanoTime()));
        if (fruitless.size() > MAXIMUM_FRUITLESS) {
            fruitless.remove(fruitless.keySet().iterator().next());
        }
    }

    private final class Search {
        private final PeerId peer;
        private final Consumer<List<Multiaddr>> found;
        private final CountDownLatch over;
        private final AtomicInteger answers = new AtomicInteger();
        private final AtomicInteger asked = new AtomicInteger();
        private final Set<Multiaddr> told = new HashSet<>();
        private volatile boolean isFound;

        Search(PeerId peer, Consumer<List<Multiaddr>> found, int tables) {
            this.peer = peer;
            this.found = found;
            over = new CountDownLatch(tables);
        }

        void searchLoop(Kademlia table) {
            try {
                Lookup lookup = table.lookUp(peer.toBytes(), Set.of(peer), event -> {
                    tell(peer, event);
                    event.responses().stream().filter(each -> each.id().equals(peer)).forEach(each -> found(table, each));
                });
                answers.addAndGet(lookup.answers());
                asked.addAndGet(lookup.asked());
            } catch (InterruptedException e) {
                // whoever searches has enough
            } finally {
                over.countDown();
            }
        }

        private void found(Kademlia table, KnownPeer peerTold) {
            List<Multiaddr> addresses = news(table.accepted(peerTold.addresses()));
            if (!addresses.isEmpty()) {
                isFound = true;
                found.accept(addresses);
            }
        }

        private List<Multiaddr> news(List<Multiaddr> addresses) {
            synchronized (told) {
                return addresses.stream().filter(address -> told.size() < MAXIMUM_TOLD && told.add(address)).toList();
            }
        }

        String outcome() {
            if (isFound) {
                return "the DHT knows no other address";
            }
            return answers.get() == 0 ? "the DHT: none of " + asked + " peers asked has answered"
                    : "the DHT does not know it: " + answers + " of " + asked + " peers asked have answered, none has seen it";
        }
    }

    // ---- seen from outside

    /**
     * Looks for this node as a stranger does, in each network that this node has peers of: whether others can find it. Blocks, while
     * another such look-up runs too; bounded by the time of two searches.
     *
     * @param stranger a node with an identity of its own, that nobody knows; does not listen, and is left to the caller
     * @return one view a network; empty when this node knows no other peers
     */
    public List<OutsideView> lookFromOutside(Swarm stranger) throws InterruptedException {
        looks.acquire();
        try {
            List<OutsideView> views = new ArrayList<>();
            for (Kademlia own : List.of(wide, local)) {
                // a stranger begins anywhere
                List<KnownPeer> seeds = own.nearest(Key.of(stranger.self()));
                if (!seeds.isEmpty()) {
                    Kademlia strange = new Kademlia(stranger, own.realm(), settings, loops, deadlines, log, () -> { });
                    views.add(new OutsideLook(swarm.self(), strange).run(seeds, own == wide));
                }
            }
            seen = new Seen(List.copyOf(views), System.nanoTime());
            return views;
        } finally {
            looks.release();
        }
    }

    /** What {@link #lookFromOutside} has found last; empty before. */
    public List<OutsideView> seenFromOutside() {
        return seen.views();
    }

    /** How long ago that was; meaningless when nothing was seen. */
    public Duration sinceSeen() {
        return Duration.ofNanos(System.nanoTime() - seen.at());
    }

    // ---- upkeep

    private synchronized void newMember() {
        if (wide.table().size() + local.table().size() <= FEW) {
            isWanted = true;
            notifyAll();
        }
    }

    private void upkeepLoop() {
        try {
            while (true) {
                awaitReason();
                wide.refresh();
                local.refresh();
                refreshedAt = System.nanoTime();
                isRefreshed = isRefreshed || wide.table().size() + local.table().size() > 0;
                protectNeighbours();
            }
        } catch (InterruptedException closed) {
            // the end
        }
    }

    /** A refresh is due: by the clock, or because of new members, the first of which are not kept waiting. */
    private synchronized void awaitReason() throws InterruptedException {
        while (true) {
            long age = System.nanoTime() - refreshedAt;
            boolean isDue = isRefreshed && age > settings.refreshInterval().toNanos();
            if (isDue || isWanted && (!isRefreshed || age > SHORTEST_PAUSE.toNanos())) {
                isWanted = false;
                return;
            }
            chooseMode();
            TimeUnit.NANOSECONDS.timedWait(this, (isWanted ? SHORTEST_PAUSE : MODE_CHECK).toNanos());
        }
    }

    /**
     * The peers nearest to this node stay connected: it is they who are asked where it is, and they who know it although it may
     * serve nobody.
     */
    private void protectNeighbours() {
        Key self = Key.of(swarm.self());
        Set<PeerId> nearest = new HashSet<>();
        for (Kademlia table : List.of(wide, local)) {
            table.table().nearest(self, settings.bucketSize()).forEach(member -> nearest.add(member.id()));
        }
        neighbours.stream().filter(peer -> !nearest.contains(peer)).forEach(peer -> swarm.unprotect(peer, TAG));
        nearest.forEach(peer -> swarm.protect(peer, TAG));
        neighbours.clear();
        neighbours.addAll(nearest);
    }
}
