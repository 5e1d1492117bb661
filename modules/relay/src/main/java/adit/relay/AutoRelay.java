package adit.relay;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.AddressBook;
import adit.swarm.Swarm;
import adit.transport.ConnectionPath;
import adit.transport.Log;
import adit.transport.Loops;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Keeps reservations at relays while this node cannot be dialled: at those that the user named, else at peers that are found to be relays.
 * A reservation is renewed ahead of its end, and replaced when its relay is lost. One thread decides when; each exchange with a relay runs
 * on one of its own. The monitor guards the table.
 */
final class AutoRelay {
    private static final String TAG = "relay";

    /** A reservation is renewed when so much of its life is left, at most; of a short one a third. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    /** One relay that may be asked. */
    private static final class Candidate {
        private final PeerId relay;
        private final boolean named;
        private Reservation held;
        private boolean busy;
        private long due;
        private Duration pause;
        private String failure = "";

        Candidate(PeerId relay, boolean named, Duration pause) {
            this.relay = relay;
            this.named = named;
            this.pause = pause;
            due = System.nanoTime();
        }
    }

    private final Swarm swarm;
    private final RelayClient client;
    private final RelayClientSettings settings;
    private final Loops loops;
    private final Log log;
    private volatile Runnable onChange = () -> { };
    private final Map<PeerId, Candidate> candidates = new LinkedHashMap<>();
    private boolean wanted;
    private boolean news;
    private Thread thread;

    AutoRelay(Swarm swarm, RelayClient client, RelayClientSettings settings, Loops loops, Log log) {
        this.swarm = swarm;
        this.client = client;
        this.settings = settings;
        this.loops = loops;
        this.log = log;
    }

    /** Who hears that {@link #addresses} has changed; must not block. */
    void onChange(Runnable listener) {
        onChange = listener;
    }

    /** @param named relays that the user wants, with their addresses; when there are any, no others are asked */
    synchronized void start(Map<PeerId, List<Multiaddr>> named) {
        named.forEach((relay, addresses) -> {
            swarm.addressBook().add(relay, addresses, AddressBook.FOREVER);
            candidates.put(relay, new Candidate(relay, true, settings.shortestPause()));
        });
        wanted = !named.isEmpty();
        if (named.isEmpty()) {
            swarm.onIdentified(this::consider);
        } else {
            swarm.onIdentified(this::retry);
        }
        swarm.onEnded(this::lost);
        thread = loops.start("relays", this::relayLoop);
    }

    /** Whether reservations are held: not by a node that can be dialled. */
    synchronized void want(boolean isWanted) {
        wanted = isWanted;
        wake();
    }

    /** The network has changed: every relay is worth a try. */
    synchronized void retryAll() {
        candidates.values().forEach(this::retryLocked);
        wake();
    }

    /** Over which peers reach this node now. */
    synchronized List<Multiaddr> addresses() {
        return candidates.values().stream().filter(each -> each.held != null).flatMap(each -> each.held.addresses().stream()).toList();
    }

    synchronized List<Relays.Standing> standings() {
        return candidates.values().stream().map(each -> new Relays.Standing(each.relay, each.held, each.failure)).toList();
    }

    synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
        candidates.keySet().forEach(relay -> swarm.unprotect(relay, TAG));
    }

    // ---- news

    /** A peer has told what it speaks. */
    private void consider(PeerId peer) {
        boolean isRelay = swarm.identified(peer).filter(told -> told.protocols().contains(CircuitProtocol.HOP.id())).isPresent();
        synchronized (this) {
            if (isRelay && isDirectlyConnected(peer) && !candidates.containsKey(peer) && hasRoomLocked()) {
                candidates.put(peer, new Candidate(peer, false, settings.shortestPause()));
            }
        }
        retry(peer);
    }

    private boolean hasRoomLocked() {
        if (candidates.size() >= settings.candidates()) {
            candidates.values().removeIf(each -> each.held == null && !each.busy && !swarm.isConnected(each.relay));
        }
        return candidates.size() < settings.candidates();
    }

    /** The relay has connected: if it had failed, it may work now. */
    private synchronized void retry(PeerId peer) {
        Candidate candidate = candidates.get(peer);
        if (candidate != null && candidate.held == null && candidate.named) {
            retryLocked(candidate);
        }
        wake();
    }

    private void retryLocked(Candidate candidate) {
        candidate.pause = settings.shortestPause();
        candidate.due = System.nanoTime();
    }

    /** The relay keeps a reservation only as long as the connection. */
    private void lost(PeerId peer) {
        boolean isLost;
        synchronized (this) {
            Candidate candidate = candidates.get(peer);
            isLost = candidate != null && candidate.held != null && !isDirectlyConnected(peer);
            if (isLost) {
                log.info("the reservation at the relay %s is lost with the connection", peer);
                dropLocked(candidate);
                retryLocked(candidate);
            }
            wake();
        }
        if (isLost) {
            onChange.run();
        }
    }

    private void dropLocked(Candidate candidate) {
        candidate.held = null;
        client.forget(candidate.relay);
        swarm.unprotect(candidate.relay, TAG);
    }

    private boolean isDirectlyConnected(PeerId peer) {
        return swarm.connections().stream().anyMatch(each -> each.remotePeer().equals(peer) && each.path() != ConnectionPath.RELAYED);
    }

    private void wake() {
        news = true;
        notifyAll();
    }

    // ---- asking

    private void relayLoop() {
        try {
            while (true) {
                tend();
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** Asks whom it is time to ask, then waits until there is more to do. */
    private void tend() throws InterruptedException {
        boolean isChanged;
        synchronized (this) {
            news = false;
            isChanged = !wanted && releaseLocked();
            if (wanted) {
                dueLocked().forEach(this::askLocked);
            }
        }
        if (isChanged) {
            onChange.run();
        }
        synchronized (this) {
            long wait = nextLocked() - System.nanoTime();
            while (!news && wait > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, wait);
                wait = nextLocked() - System.nanoTime();
            }
        }
    }

    private boolean releaseLocked() {
        List<Candidate> held = candidates.values().stream().filter(each -> each.held != null).toList();
        held.forEach(this::dropLocked);
        held.forEach(this::retryLocked);
        return !held.isEmpty();
    }

    /** Renewals, then as many others as reservations are missing. */
    private List<Candidate> dueLocked() {
        long now = System.nanoTime();
        List<Candidate> due = new ArrayList<>(candidates.values().stream().filter(each -> each.held != null && isDue(each, now)).toList());
        long missing = settings.reservations() - candidates.values().stream().filter(each -> each.held != null || each.busy).count();
        candidates.values().stream().filter(each -> each.held == null && isDue(each, now)).limit(Math.max(0, missing)).forEach(due::add);
        return due;
    }

    private static boolean isDue(Candidate candidate, long now) {
        return !candidate.busy && candidate.due - now <= 0;
    }

    private long nextLocked() {
        long now = System.nanoTime();
        long held = candidates.values().stream().filter(each -> each.held != null || each.busy).count();
        return candidates.values().stream().filter(each -> wanted && !each.busy && (each.held != null || held < settings.reservations()))
                .mapToLong(each -> each.due - now).min().orElse(Duration.ofHours(1).toNanos()) + now;
    }

    private void askLocked(Candidate candidate) {
        candidate.busy = true;
        loops.start("reserve at " + candidate.relay, () -> askLoop(candidate));
    }

    private void askLoop(Candidate candidate) {
        Reservation granted = null;
        IOException failure = null;
        try {
            granted = client.reserve(candidate.relay);
        } catch (IOException e) {
            failure = e;
        }
        boolean isChanged;
        synchronized (this) {
            candidate.busy = false;
            List<Multiaddr> before = candidate.held == null ? List.of() : candidate.held.addresses();
            if (granted != null) {
                grantedLocked(candidate, granted);
            } else {
                failedLocked(candidate, failure);
            }
            isChanged = !before.equals(candidate.held == null ? List.of() : candidate.held.addresses());
            wake();
        }
        if (isChanged) {
            onChange.run();
        }
    }

    private void grantedLocked(Candidate candidate, Reservation granted) {
        if (candidate.held == null) {
            log.info("reserved at the relay %s until %s", candidate.relay, granted.expires());
        }
        candidate.held = granted;
        candidate.failure = "";
        candidate.pause = settings.shortestPause();
        swarm.protect(candidate.relay, TAG);
        Duration life = Duration.between(Instant.now(), granted.expires());
        Duration third = life.dividedBy(3);
        candidate.due = System.nanoTime() + life.minus(third.compareTo(AHEAD) < 0 ? third : AHEAD).toNanos();
    }

    private void failedLocked(Candidate candidate, IOException failure) {
        if (!failure.getMessage().equals(candidate.failure)) {
            log.info("no reservation at the relay %s: %s", candidate.relay, failure.getMessage());
        }
        candidate.failure = failure.getMessage();
        if (candidate.held != null && !candidate.held.expires().isAfter(Instant.now().plus(candidate.pause))) {
            dropLocked(candidate);
        }
        boolean isRefused = failure instanceof RelayRefusedException;
        candidate.due = System.nanoTime() + (isRefused && !candidate.named ? settings.refusedPause() : candidate.pause).toNanos();
        Duration doubled = candidate.pause.multipliedBy(2);
        candidate.pause = doubled.compareTo(settings.longestPause()) < 0 ? doubled : settings.longestPause();
    }
}
