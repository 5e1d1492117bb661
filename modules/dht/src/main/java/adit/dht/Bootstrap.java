package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.Swarm;
import adit.transport.Connection;
import adit.transport.Log;
import adit.transport.Loops;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The way into the network: while fewer than a few peers are connected that know the way to others, peers remembered from the
 * last run and the bootstrap nodes are dialled, in rounds. The monitor guards the lists and the pauses; nothing is dialled
 * under it.
 */
public final class Bootstrap implements AutoCloseable {
    /** What "auto" stands for: the nodes that Kubo 0.43 falls back on, as far as they can be dialled by TCP. */
    public static final List<String> AUTO = List.of(
            "/dnsaddr/bootstrap.libp2p.io/p2p/QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN",
            "/dnsaddr/bootstrap.libp2p.io/p2p/QmQCU2EcMqAqQPR2i9bChDtGNJchTbq5TbXJJ16u19uLTa",
            "/dnsaddr/bootstrap.libp2p.io/p2p/QmbLHAnMoJPWSCR5Zhtx6BHJX9KiKNN6tpvbUcqanj75Nb",
            "/dnsaddr/bootstrap.libp2p.io/p2p/QmcZf59bWwK5XFi76CZX8cbJ4BhTzzA3gU1ZjYZcYW3dwt",
            "/dnsaddr/va1.bootstrap.libp2p.io/p2p/12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8",
            "/ip4/104.131.131.82/tcp/4001/p2p/QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ");

    /** Protocols of a DHT end in this, whatever network they are of. */
    private static final String DHT_PROTOCOL = "/kad/1.0.0";

    /** Remembered peers dialled in a round: many may have moved meanwhile. */
    private static final int MAXIMUM_REMEMBERED = 8;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How long an address given for a dial is kept when nothing comes of it. */
    private static final Duration ADDRESS_LIFE = Duration.ofMinutes(10);

    private final Swarm swarm;
    private final BootstrapSettings settings;
    private final Loops loops;
    private final Log log;
    private final Set<PeerId> dead = new HashSet<>();
    private List<KnownPeer> nodes = List.of();
    private List<KnownPeer> remembered = List.of();
    private Thread thread;
    private boolean isChanged;
    private boolean isClosed;

    /** Dials nobody before {@link #start}. */
    public Bootstrap(Swarm swarm, BootstrapSettings settings, Loops loops, Log log) {
        this.swarm = swarm;
        this.settings = settings;
        this.loops = loops;
        this.log = log;
    }

    /** Starts the rounds; does not block. */
    public synchronized void start() {
        if (thread == null && !isClosed) {
            thread = loops.start("bootstrap", this::bootstrapLoop);
        }
    }

    /** These are the bootstrap nodes from now on, the same peer several times allowed; none: silence. */
    public synchronized void use(List<KnownPeer> bootstrapNodes) {
        nodes = List.copyOf(bootstrapNodes);
        isChanged = true;
        notifyAll();
    }

    /** Peers of the last run that knew the way, the most reliable first: they make bootstrap nodes unnecessary. */
    public synchronized void remember(List<KnownPeer> peers) {
        remembered = List.copyOf(peers.subList(0, Math.min(peers.size(), MAXIMUM_REMEMBERED)));
        isChanged = true;
        notifyAll();
    }

    /** The network has changed: whoever was not reached is worth a try now. */
    public synchronized void retry() {
        isChanged = true;
        notifyAll();
    }

    /**
     * How it stands with the bootstrap nodes.
     *
     * @param dead could not be reached when they were dialled last, nor have come since
     */
    public record Status(int nodes, int dead) {}

    /** How it stands now. */
    public synchronized Status status() {
        Set<PeerId> all = nodes.stream().map(KnownPeer::id).collect(Collectors.toSet());
        return new Status(all.size(), (int) all.stream().filter(peer -> dead.contains(peer) && !swarm.isConnected(peer)).count());
    }

    @Override public synchronized void close() {
        isClosed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    // ---- rounds

    private void bootstrapLoop() {
        Duration pause = settings.shortestPause();
        try {
            while (true) {
                boolean isBetter = hasEnough() || round();
                pause = isBetter ? settings.shortestPause() : pause;
                pause = awaitNextRound(pause) || isBetter ? settings.shortestPause() : longer(pause);
            }
        } catch (InterruptedException closed) {
            // the end
        }
    }

    private Duration longer(Duration pause) {
        Duration longer = pause.multipliedBy(2);
        return longer.compareTo(settings.longestPause()) > 0 ? settings.longestPause() : longer;
    }

    static boolean isDht(String protocol) {
        return protocol.endsWith(DHT_PROTOCOL);
    }

    /** True when the lists have changed meanwhile. */
    private synchronized boolean awaitNextRound(Duration pause) throws InterruptedException {
        long end = System.nanoTime() + pause.toNanos();
        while (!isChanged && end - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
        boolean wasChanged = isChanged;
        isChanged = false;
        return wasChanged;
    }

    /** Connected peers that can tell of others: bootstrap nodes, and whoever serves a DHT. */
    private boolean hasEnough() {
        Set<PeerId> known = new HashSet<>();
        synchronized (this) {
            nodes.forEach(node -> known.add(node.id()));
        }
        Set<PeerId> useful = new HashSet<>();
        for (Connection connection : swarm.connections()) {
            PeerId peer = connection.remotePeer();
            boolean servesDht = swarm.identified(peer)
                    .filter(told -> told.protocols().stream().anyMatch(Bootstrap::isDht)).isPresent();
            if (servesDht || known.contains(peer)) {
                useful.add(peer);
            }
        }
        return useful.size() >= settings.enoughPeers();
    }

    /** Dials until enough peers are connected or nobody is left; true when somebody answered or there was nobody to dial. */
    private boolean round() throws InterruptedException {
        Round round = new Round(candidates());
        if (round.waiting.isEmpty()) {
            return true;
        }
        int dialling = Math.min(round.waiting.size(), settings.enoughPeers());
        CountDownLatch over = new CountDownLatch(dialling);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < dialling; i++) {
            threads.add(loops.start("bootstrap dial", () -> round.dialLoop(over)));
        }
        try {
            over.await();
        } catch (InterruptedException closed) {
            threads.forEach(Thread::interrupt);
            throw closed;
        }
        tell(round);
        return round.answered > 0;
    }

    /**
     * Who is not connected, in the order of dialling. One bootstrap node comes first: who has filled the memory of this node
     * with peers of their own must not be the only ones it meets after a restart.
     */
    private Queue<KnownPeer> candidates() {
        Map<PeerId, KnownPeer> ordered = new LinkedHashMap<>();
        List<KnownPeer> configured;
        List<KnownPeer> cached;
        synchronized (this) {
            configured = new ArrayList<>(nodes);
            cached = remembered;
        }
        Collections.shuffle(configured);
        configured.stream().limit(1).forEach(node -> put(ordered, node));
        cached.forEach(peer -> put(ordered, peer));
        configured.forEach(node -> put(ordered, node));
        ordered.keySet().removeIf(peer -> peer.equals(swarm.self()) || swarm.isConnected(peer));
        return new ArrayDeque<>(ordered.values());
    }

    private static void put(Map<PeerId, KnownPeer> ordered, KnownPeer peer) {
        ordered.merge(peer.id(), peer, (before, after) -> {
            Set<Multiaddr> all = new LinkedHashSet<>(before.addresses());
            all.addAll(after.addresses());
            return new KnownPeer(peer.id(), List.copyOf(all));
        });
    }

    /** A node that does not answer is named once, until it has answered again. */
    private void tell(Round round) {
        List<String> news = new ArrayList<>();
        int count;
        synchronized (this) {
            Set<PeerId> ours = nodes.stream().map(KnownPeer::id).collect(Collectors.toSet());
            count = ours.size();
            dead.removeIf(peer -> !ours.contains(peer) || swarm.isConnected(peer));
            round.failures.forEach((peer, reason) -> {
                if (ours.contains(peer) && dead.add(peer)) {
                    news.add(reason);
                }
            });
        }
        if (!news.isEmpty()) {
            log.warn("%d of %d bootstrap nodes cannot be reached%s: %s", dead.size(), count,
                    dead.size() < count ? ", going on with the others" : "; it is tried again and again", String.join("; ", news));
        }
    }

    /** One round; its monitor guards it. */
    private final class Round {
        private final Queue<KnownPeer> waiting;
        private final Map<PeerId, String> failures = new LinkedHashMap<>();
        private int answered;

        Round(Queue<KnownPeer> candidates) {
            waiting = candidates;
        }

        private synchronized KnownPeer next() {
            return hasEnough() ? null : waiting.poll();
        }

        void dialLoop(CountDownLatch over) {
            try {
                for (KnownPeer peer = next(); peer != null && !Thread.interrupted(); peer = next()) {
                    dial(peer);
                }
            } finally {
                over.countDown();
            }
        }

        private void dial(KnownPeer peer) {
            swarm.addressBook().add(peer.id(), peer.addresses(), ADDRESS_LIFE);
            try {
                swarm.connectAsKnown(peer.id(), PATIENCE);
                log.debug("connected to %s", peer.id());
                synchronized (this) {
                    answered++;
                }
            } catch (IOException e) {
                log.debug("%s", e.getMessage());
                synchronized (this) {
                    failures.put(peer.id(), e.getMessage());
                }
            }
        }
    }
}
