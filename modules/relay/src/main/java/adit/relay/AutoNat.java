package adit.relay;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.AddressScope;
import adit.swarm.IdentifiedPeer;
import adit.swarm.Swarm;
import adit.transport.Connection;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Whether this node can be reached, as a whole and by each of its addresses: connected peers are asked to dial it, several in
 * different networks, by AutoNAT version 2, or by version 1 where they speak nothing else. Tells others the same about themselves.
 * Thread-safe; the monitor guards all that is remembered, nobody is asked under it.
 */
public final class AutoNat implements AutoCloseable {
    /** Answers kept for {@link #evidence}. */
    private static final int MAXIMUM_EVIDENCE = 64;

    private final Swarm swarm;
    private final AutoNatSettings settings;
    private final Loops loops;
    private final Log log;
    private final AutoNatService service;
    private final AutoNatV1Client versionOne;
    private final AutoNatV2Client versionTwo;
    private final ReachabilityQuestions questions;
    private final Deque<AutoNatEvidence> evidence = new ArrayDeque<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Runnable announce;
    private Known known;
    private Thread thread;
    private boolean isNews;
    private boolean isClosed;

    /** What listeners have been told. */
    private record Known(Reachability reachability, List<AddressReachability> addresses) {}

    /** Asks and serves nobody before {@link #start}. */
    public AutoNat(Swarm swarm, AutoNatSettings settings, Loops loops, Deadlines deadlines, Log log) {
        this.swarm = swarm;
        this.settings = settings;
        this.loops = loops;
        this.log = log.named("autonat");
        service = new AutoNatService(swarm, settings, loops, deadlines, this.log);
        versionOne = new AutoNatV1Client(swarm, settings.dialTimeout().multipliedBy(2), deadlines);
        versionTwo = new AutoNatV2Client(swarm, settings, deadlines);
        questions = new ReachabilityQuestions(settings);
        known = new Known(settings.forced(), List.of());
        announce = swarm.ownAddresses().also(this::provedAddresses);
    }

    /** Does not block. */
    public void start() {
        serve();
        if (!isForced()) {
            swarm.handle(AutoNatV2Message.DIAL_BACK, true, versionTwo::receiveDialBack);
            swarm.onIdentified(peer -> wake());
            synchronized (this) {
                thread = loops.start("autonat", this::autoNatLoop);
            }
        }
    }

    /** Asks and serves nobody from now on; what is under way ends by itself. */
    @Override public void close() {
        synchronized (this) {
            isClosed = true;
            if (thread != null) {
                thread.interrupt();
            }
        }
        service.close();
        swarm.unhandle(AutoNatV2Message.DIAL_BACK);
    }

    // ---- what is known

    /** Of this node as a whole; UNKNOWN until enough servers agree. */
    public synchronized Reachability reachability() {
        return known.reachability();
    }

    /** Whether the settings say so, and nobody is asked. */
    public boolean isForced() {
        return settings.forced() != Reachability.UNKNOWN;
    }

    /** Of each address that others are asked about; empty when reachability is forced. */
    public synchronized List<AddressReachability> addresses() {
        return known.addresses();
    }

    /** The last answers, the newest first: some dozens. */
    public synchronized List<AutoNatEvidence> evidence() {
        return List.copyOf(evidence);
    }

    /** Whether others are told about themselves now. */
    public boolean isServing() {
        return service.isServing();
    }

    /** Runs whenever {@link #reachability} or that of an address has changed; it must not block. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Something has changed that may change what was found out (a port mapping, another network): all is asked again, soon. */
    public void recheck() {
        synchronized (this) {
            questions.makeOld(System.nanoTime());
        }
        wake();
    }

    private synchronized List<Multiaddr> provedAddresses() {
        return questions.proved();
    }

    // ---- asking

    private void autoNatLoop() {
        try {
            while (true) {
                List<Multiaddr> candidates = candidates();
                List<AutoNatServer> servers = servers(candidates);
                List<ReachabilityQuestions.Question> asked;
                synchronized (this) {
                    questions.use(candidates);
                    asked = questions.next(servers, System.nanoTime());
                }
                publish();
                asked.forEach(question -> loops.start("autonat " + question.server().peer(), () -> askLoop(question)));
                awaitNews();
            }
        } catch (InterruptedException closed) {
            // the end
        }
    }

    private synchronized void wake() {
        isNews = true;
        notifyAll();
    }

    /** News come in groups: what comes a moment after the first is looked at with it. */
    private void awaitNews() throws InterruptedException {
        synchronized (this) {
            long end = System.nanoTime() + settings.checkInterval().toNanos();
            for (long left = end - System.nanoTime(); !isNews && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            long settled = System.nanoTime() + settings.startDelay().toNanos();
            for (long left = settled - System.nanoTime(); isNews && left > 0; left = settled - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            isNews = false;
        }
    }

    /** What others tell of this node, and what peers say that its addresses are. */
    private List<Multiaddr> candidates() {
        Set<Multiaddr> all = new LinkedHashSet<>(swarm.announcedAddresses());
        all.addAll(swarm.ownAddresses().observed());
        return all.stream().flatMap(address -> address.withoutTrailingPeerId().stream()).filter(address -> address.toTcp().isPresent()
                && (settings.hasLocalAddresses() || AddressScope.isPublic(address))).distinct().toList();
    }

    /** Connected peers that can tell: those that are elsewhere, not behind the same NAT. */
    private List<AutoNatServer> servers(Collection<Multiaddr> candidates) {
        List<AutoNatServer> servers = new ArrayList<>();
        Set<PeerId> seen = new LinkedHashSet<>();
        for (Connection connection : swarm.connections()) {
            Set<String> protocols = swarm.identified(connection.remotePeer()).map(IdentifiedPeer::protocols).orElse(Set.of());
            boolean isVersion2 = protocols.contains(AutoNatV2Message.DIAL_REQUEST);
            boolean speaks = isVersion2 || protocols.contains(AutoNatV1Message.PROTOCOL);
            Multiaddr remote = connection.remoteAddress();
            boolean isElsewhere = settings.hasLocalAddresses() || AddressScope.isPublic(remote)
                    && candidates.stream().noneMatch(candidate -> DialBackRule.haveSameIp(candidate, remote));
            if (speaks && isElsewhere && remote.toTcp().isPresent() && seen.add(connection.remotePeer())) {
                servers.add(new AutoNatServer(connection.remotePeer(), remote, isVersion2));
            }
        }
        return servers;
    }

    private void askLoop(ReachabilityQuestions.Question question) {
        AutoNatServer server = question.server();
        List<Multiaddr> addresses = question.addresses();
        AutoNatAnswer answer = null;
        String words;
        try {
            answer = server.isVersion2() && !addresses.isEmpty() ? versionTwo.ask(server.peer(), addresses) : versionOne.ask(server.peer());
            words = answer.words();
        } catch (IOException | RuntimeException e) {
            words = "did not tell: " + e.getMessage();
        }
        log.debug("%s, asked about %s, %s", server.peer(), addresses, words);
        synchronized (this) {
            questions.take(question, answer, System.nanoTime());
            Multiaddr address = answer != null && answer.address() != null ? answer.address() : addresses.isEmpty() ? null : addresses.getFirst();
            evidence.addFirst(new AutoNatEvidence(Instant.now(), server.peer(), server.address(), address,
                    answer == null ? Reachability.UNKNOWN : answer.reachability(), words));
            if (evidence.size() > MAXIMUM_EVIDENCE) {
                evidence.removeLast();
            }
        }
        publish();
        wake();
    }

    /** Tells everybody when something else is believed than before. */
    private void publish() {
        Known before;
        Known now;
        synchronized (this) {
            before = known;
            now = new Known(questions.reachability(before.reachability()), questions.addresses());
            known = now;
        }
        if (now.equals(before)) {
            return;
        }
        if (now.reachability() != before.reachability()) {
            log.info("reachability of this node: %s, was %s", now.reachability(), before.reachability());
            serve();
        }
        announce.run();
        listeners.forEach(Runnable::run);
    }

    private void serve() {
        boolean isWanted = switch (settings.service()) {
            case ENABLED -> true;
            case DISABLED -> false;
            case AUTO -> reachability() != Reachability.PRIVATE;
        };
        synchronized (this) {
            if (!isClosed) {
                service.serve(isWanted);
            }
        }
    }
}
