package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.IdentifiedPeer;
import adit.swarm.StreamQuota;
import adit.swarm.Swarm;
import adit.transport.Connection;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * One table of one network: who enters it, look-ups that begin in it, and the server that answers from it. Thread-safe: the
 * parts are; the monitor guards whether it is served.
 */
final class Kademlia {
    /** Peers heard of whose rate of requests is remembered. */
    private static final int MAXIMUM_ASKERS = 4096;
    private static final int PROVIDERS_PER_CONTENT = 32;
    private static final int CONTENTS_PER_PROVIDER = 1024;

    private final Swarm swarm;
    private final Realm realm;
    private final DhtSettings settings;
    private final Loops loops;
    private final Log log;
    private final String protocol;
    private final LookupSettings lookupSettings;
    private final RoutingTable table;
    private final ProviderStore providers;
    private final Requester requester;
    private final Server server;
    private final Semaphore checks;
    private final Set<PeerId> asking = ConcurrentHashMap.newKeySet();
    private final Runnable onNewMember;
    private boolean isServing;

    /** @param onNewMember called when the table has got a member; must not block */
    Kademlia(Swarm swarm, Realm realm, DhtSettings settings, Loops loops, Deadlines deadlines, Log log, Runnable onNewMember) {
        this.swarm = swarm;
        this.realm = realm;
        this.settings = settings;
        this.loops = loops;
        this.log = log;
        this.onNewMember = onNewMember;
        protocol = realm.protocol(settings.prefix());
        // neighbours are many in a local network, and nobody can pretend to be in it
        int perGroup = realm == Realm.PUBLIC ? 3 : 0;
        lookupSettings = LookupSettings.defaults(perGroup);
        table = new RoutingTable(Key.of(swarm.self()), settings.bucketSize(), perGroup, 2);
        providers = new ProviderStore(settings.maximumProviders(), PROVIDERS_PER_CONTENT, CONTENTS_PER_PROVIDER, System::nanoTime);
        requester = new Requester(swarm, realm, settings, deadlines);
        ValueStore values = new ValueStore(settings.maximumValues(), settings.maximumValueBytes(), Instant::now);
        RequestHandler handler = new RequestHandler(table, settings.bucketSize(), realm, values, providers, this::addresses);
        server = new Server(handler, new RequestRates(settings.requestsPerSecond(), 4 * settings.requestsPerSecond(), MAXIMUM_ASKERS,
                System::nanoTime), settings.idleTimeout(), deadlines);
        checks = new Semaphore(settings.checks());
    }

    private List<Multiaddr> addresses(PeerId peer) {
        return peer.equals(swarm.self()) ? swarm.announcedAddresses() : swarm.addressBook().addresses(peer);
    }

    Realm realm() {
        return realm;
    }

    RoutingTable table() {
        return table;
    }

    synchronized boolean isServing() {
        return isServing;
    }

    /** Answers others from now on, or no more. */
    synchronized void serve(boolean wanted) {
        if (wanted && !isServing) {
            swarm.handle(protocol, true, new StreamQuota(settings.streamsPerPeer(), server));
        } else if (!wanted && isServing) {
            swarm.unhandle(protocol);
        }
        if (wanted != isServing) {
            log.debug("%s: %s mode", protocol, wanted ? "server" : "client");
        }
        isServing = wanted;
    }

    // ---- who enters the table

    /** A peer has identified itself: it enters the table when it serves the protocol and answers; never blocks. */
    void identified(PeerId peer) {
        if (!serves(peer)) {
            if (swarm.identified(peer).isPresent()) {
                table.remove(peer);
            }
            return;
        }
        table.member(peer).ifPresent(member -> table.moved(peer, realm.accepted(addresses(peer))));
        if (table.wants(peer) && seenAt(peer).isPresent() && !asking.contains(peer) && checks.tryAcquire()) {
            loops.start("dht check " + peer, () -> checkLoop(peer));
        }
    }

    private void checkLoop(PeerId peer) {
        try {
            check(new KnownPeer(peer, List.of()));
        } finally {
            checks.release();
        }
    }

    private boolean serves(PeerId peer) {
        return swarm.identified(peer).map(IdentifiedPeer::protocols).filter(protocols -> protocols.contains(protocol)).isPresent();
    }

    /** The address of a connection that makes the peer one of this network. */
    private Optional<Multiaddr> seenAt(PeerId peer) {
        return swarm.connections().stream().filter(connection -> connection.remotePeer().equals(peer)).map(Connection::remoteAddress)
                .filter(realm::admits).findFirst();
    }

    /** Asks the peer for its own neighbours: what it answers does not matter, that it does is what is wanted. */
    boolean check(KnownPeer peer) {
        try {
            ask(peer, Message.findNode(peer.id().toBytes()), event -> { });
            return true;
        } catch (IOException e) {
            log.debug("%s does not answer %s: %s", peer.id(), protocol, e.getMessage());
            return false;
        }
    }

    private Message ask(KnownPeer peer, Message request, Consumer<SearchEvent> watcher) throws IOException {
        asking.add(peer.id());
        watcher.accept(new SearchEvent(SearchEvent.Kind.SENDING_QUERY, peer.id(), List.of(), ""));
        try {
            Message answer = requester.ask(peer, request);
            watcher.accept(new SearchEvent(SearchEvent.Kind.PEER_RESPONSE, peer.id(), answer.closerPeers(), ""));
            if (swarm.identified(peer.id()).isPresent()) {
                enter(peer.id());
            } else {
                // it was quicker than its identify, which decides whether it enters; the look-up does not wait for that
                loops.start("dht enter " + peer.id(), () -> enterLoop(peer.id()));
            }
            return answer;
        } catch (IOException e) {
            watcher.accept(new SearchEvent(SearchEvent.Kind.QUERY_ERROR, peer.id(), List.of(), String.valueOf(e.getMessage())));
            throw e;
        } finally {
            asking.remove(peer.id());
        }
    }

    private void enterLoop(PeerId peer) {
        try {
            swarm.awaitIdentified(peer);
            enter(peer);
        } catch (IOException e) {
            log.debug("%s answers %s, but: %s", peer, protocol, e.getMessage());
        }
    }

    /** It has answered. */
    private void enter(PeerId peer) {
        Optional<Multiaddr> at = seenAt(peer);
        if (at.isEmpty() || !serves(peer)) {
            return;
        }
        if (table.offer(new KnownPeer(peer, realm.accepted(addresses(peer))), at.get(), System.nanoTime()) == RoutingTable.Outcome.ADDED) {
            log.debug("%s entered the table of %s, now %d", peer, protocol, table.size());
            onNewMember.run();
        }
    }

    // ---- looking

    /**
     * Looks for the peers nearest to an id; blocks until it is over.
     *
     * @param excluded not asked beside this node
     * @param watcher called from several threads
     */
    Lookup lookUp(byte[] id, Set<PeerId> excluded, Consumer<SearchEvent> watcher) throws InterruptedException {
        return lookUp(id, excluded, nearest(Key.of(id)), watcher);
    }

    /** The members to begin a search for that key with. */
    List<KnownPeer> nearest(Key target) {
        return table.nearest(target, settings.bucketSize()).stream().map(RoutingTable.Member::peer).toList();
    }

    /** The same, beginning with these. */
    Lookup lookUp(byte[] id, Set<PeerId> excluded, List<KnownPeer> seeds, Consumer<SearchEvent> watcher) throws InterruptedException {
        Set<PeerId> left = new HashSet<>(excluded);
        left.add(swarm.self());
        Lookup lookup = new Lookup(Key.of(id), lookupSettings, left, seeds);
        Set<PeerId> failed = ConcurrentHashMap.newKeySet();
        Message request = Message.findNode(id);
        new LookupRun(lookup, peer -> {
            try {
                return accepted(ask(peer, request, watcher));
            } catch (IOException e) {
                // one that was interrupted because enough is known has not failed
                if (!Thread.currentThread().isInterrupted()) {
                    failed.add(peer.id());
                }
                throw e;
            }
        }, loops).run(settings.searchTimeout());
        if (lookup.answers() > 0) {
            // when nobody answers it is this node that is cut off
            failed.forEach(table::remove);
        }
        return lookup;
    }

    /** Peers and addresses that are of this network. */
    private Message accepted(Message answer) {
        List<KnownPeer> closer = new ArrayList<>();
        for (KnownPeer peer : answer.closerPeers()) {
            List<Multiaddr> addresses = realm.accepted(peer.addresses());
            if (!addresses.isEmpty() || swarm.isConnected(peer.id())) {
                closer.add(new KnownPeer(peer.id(), addresses));
            }
        }
        return new Message(answer.type(), answer.key(), answer.record(), closer, answer.providerPeers());
    }

    /** Addresses among those told that belong to this network. */
    List<Multiaddr> accepted(List<Multiaddr> addresses) {
        return realm.accepted(addresses);
    }

    // ---- upkeep

    /** Asks members that were silent for long, then looks for this node's own neighbours and for keys of buckets that are due; blocks. */
    void refresh() throws InterruptedException {
        providers.dropExpired();
        for (Connection connection : swarm.connections()) {
            identified(connection.remotePeer());
        }
        if (table.size() == 0) {
            return;
        }
        checkSilent();
        lookUp(swarm.self().toBytes(), Set.of(), event -> { });
        Key self = Key.of(swarm.self());
        for (int prefix : table.refreshDue(System.nanoTime(), RefreshKey.DEEPEST)) {
            int size = table.size();
            lookUp(RefreshKey.sharing(self, prefix), Set.of(), event -> { });
            table.refreshed(prefix, System.nanoTime() + bucketPause(table.size() > size).toNanos());
        }
    }

    /** A server's table is what others find by. One that only serves this node is good enough when there is nobody new to be found. */
    private Duration bucketPause(boolean hasGrown) {
        return isServing() || hasGrown ? settings.refreshInterval() : settings.quietInterval();
    }

    private void checkSilent() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (RoutingTable.Member member : table.silent(System.nanoTime(), settings.livenessGrace().toNanos())) {
            threads.add(loops.start("dht check " + member.id(), () -> {
                if (!check(member.peer())) {
                    table.remove(member.id());
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
