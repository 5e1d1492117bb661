package adit.swarm;

import adit.identity.PeerId;
import adit.transport.Log;
import adit.transport.Loops;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Keeps connections to chosen peers up: dials at once when one is lost, then with pauses that grow from the shortest (5 s) to
 * the longest (10 min), or as soon as there is news of the peer. The monitor guards the table.
 */
final class PeerKeeper {
    /** What the keeper needs of the node. */
    interface Node {
        boolean isConnected(PeerId peer);

        void connect(PeerId peer) throws IOException;
    }

    static final Duration SHORTEST = Duration.ofSeconds(5);

    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** A connection that lasted this long was a good one: it is dialled again at once. */
    private static final Duration LASTING = Duration.ofSeconds(10);

    private final Node node;
    private final Duration shortest;
    private final Loops loops;
    private final Log log;
    private final Map<PeerId, Kept> kept = new LinkedHashMap<>();

    PeerKeeper(Node node, Duration shortest, Loops loops, Log log) {
        this.node = node;
        this.shortest = shortest;
        this.loops = loops;
        this.log = log;
    }

    /** False when it was kept already. */
    boolean keep(PeerId peer) {
        Kept added = new Kept(peer);
        synchronized (this) {
            if (kept.putIfAbsent(peer, added) != null) {
                return false;
            }
        }
        added.start();
        return true;
    }

    /** False when it was not kept. */
    boolean release(PeerId peer) {
        Kept removed;
        synchronized (this) {
            removed = kept.remove(peer);
        }
        if (removed != null) {
            removed.end();
        }
        return removed != null;
    }

    synchronized List<PeerId> peers() {
        return List.copyOf(kept.keySet());
    }

    /** Why the last attempt to reach it failed, "" when none has since it was connected, or it is not kept. */
    String failure(PeerId peer) {
        Kept known;
        synchronized (this) {
            known = kept.get(peer);
        }
        return known == null ? "" : known.failure;
    }

    /** The peer has connected, has been lost, or has got a new address. */
    void news(PeerId peer) {
        Kept known;
        synchronized (this) {
            known = kept.get(peer);
        }
        if (known != null) {
            known.news();
        }
    }

    /** All of them are worth a try now. */
    void newsOfAll() {
        peers().forEach(this::news);
    }

    void close() {
        List<Kept> all;
        synchronized (this) {
            all = new ArrayList<>(kept.values());
            kept.clear();
        }
        all.forEach(Kept::end);
    }

    /** One peer with its thread. The monitor guards the news. */
    private final class Kept {
        private final PeerId peer;
        private Thread thread;
        private boolean wanted = true;
        private boolean news;
        private volatile String failure = "";

        Kept(PeerId peer) {
            this.peer = peer;
        }

        synchronized void start() {
            if (wanted) {
                thread = loops.start("keep " + peer, this::keepLoop);
            }
        }

        synchronized void end() {
            wanted = false;
            if (thread != null) {
                thread.interrupt();
            }
        }

        synchronized void news() {
            news = true;
            notifyAll();
        }

        private void keepLoop() {
            Duration pause = Duration.ZERO;
            try {
                while (true) {
                    Duration lasted = awaitLoss();
                    pause = lasted.compareTo(LASTING) >= 0 ? Duration.ZERO : pause;
                    awaitNews(pause);
                    connect();
                    pause = longer(pause);
                }
            } catch (InterruptedException e) {
                // released
            }
        }

        private void connect() throws InterruptedException {
            if (node.isConnected(peer)) {
                return;
            }
            try {
                node.connect(peer);
                failure = "";
            } catch (IOException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                failure = e.getMessage();
                log.debug("peering: %s", failure);
            }
        }

        /** How long the peer stayed connected from now on. */
        private synchronized Duration awaitLoss() throws InterruptedException {
            long start = System.nanoTime();
            while (node.isConnected(peer)) {
                wait();
            }
            return Duration.ofNanos(System.nanoTime() - start);
        }

        private synchronized void awaitNews(Duration pause) throws InterruptedException {
            long end = System.nanoTime() + pause.toNanos();
            news = false;
            while (!news && end - System.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
            }
        }

        /** Grows by a random factor, so that two peers that keep each other do not go on dialling in step. */
        private Duration longer(Duration pause) {
            double factor = ThreadLocalRandom.current().nextDouble(1.5, 2.5);
            Duration grown = Duration.ofNanos((long) (pause.toNanos() * factor));
            return grown.compareTo(shortest) < 0 ? shortest : grown.compareTo(LONGEST) > 0 ? LONGEST : grown;
        }
    }
}
