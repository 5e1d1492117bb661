package adit.swarm;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.identity.PublicKey;
import adit.multiformats.Multiaddr;
import adit.transport.BufferPool;
import adit.transport.Connection;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import adit.transport.ProtocolNotSupportedException;
import adit.transport.Stream;
import adit.transport.StreamHandler;
import adit.transport.TcpTransport;
import adit.transport.TransportSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The node: one identity, its connections, and the protocols it serves. Thread-safe. A facade: each class behind it has one
 * job and is told of the others here.
 */
public final class Swarm implements AutoCloseable {
    /** What a client asks for now is worth a dial, unless one has failed a moment ago: a hundred clients must not mean a hundred dials. */
    private static final Duration STREAM_BACK_OFF = Duration.ofSeconds(1);

    private static final String PEERING = "peering";

    private final PrivateKey identity;
    private final PeerId self;
    private final SwarmSettings settings;
    private final Log log;
    private final TcpTransport transport;
    private final AddressBook book;
    private final Connections connections;
    private final StreamHandlers handlers;
    private final AnnouncedAddresses announced;
    private final PeerKnowledge knowledge;
    private final Identify identify;
    private final Ping ping;
    private final Dialer dialer;
    private final StreamOpener opener;
    private final PeerKeeper keeper;
    private final Upgrades upgrades = new Upgrades();
    private final Intake intake;
    private final NetworkWatch networkWatch;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Serves identify and ping from the start; listens and dials only when told to. */
    public Swarm(PrivateKey identity, SwarmSettings settings, TransportSettings transportSettings, BufferPool pool, Loops loops,
            Deadlines deadlines, Log log) {
        this.identity = identity;
        this.self = identity.peerId();
        this.settings = settings;
        this.log = log.named("swarm");
        transport = new TcpTransport(identity, transportSettings, pool, loops, deadlines, log.named("transport"), this::admitInbound);
        connections = new Connections(settings);
        handlers = new StreamHandlers(transportSettings.handshakeTimeout(), deadlines, this.log);
        announced = new AnnouncedAddresses(transport::listenAddresses, settings.announce());
        SelfDescription description = new SelfDescription(identity, settings.agentVersion(), handlers, announced::current);
        keeper = new PeerKeeper(new Inside(), PeerKeeper.SHORTEST, loops, this.log);
        book = new AddressBook(settings, System::nanoTime, keeper::news);
        knowledge = new PeerKnowledge(connections, book, announced);
        identify = new Identify(settings, description, connections, knowledge::identified, loops, deadlines, this.log);
        announced.onChange(identify::changed);
        ping = new Ping(settings, deadlines);
        dialer = new Dialer(settings, new Inside(), book, loops, deadlines);
        opener = new StreamOpener(connections, upgrades, (peer, patience) -> connect(peer, patience, STREAM_BACK_OFF, true), settings.openTimeout(),
                transportSettings.handshakeTimeout(), deadlines);
        DuplicateCloser duplicates = new DuplicateCloser(connections, settings, loops, deadlines);
        intake = new Intake(self, connections, handlers, new Intake.Told(identify, knowledge, dialer, keeper, duplicates, upgrades), this.log);
        networkWatch = new NetworkWatch(announced, connections, dialer, keeper, loops, deadlines, this.log);
        handlers.add(Identify.ID, true, new StreamQuota(Identify.MAXIMUM_STREAMS, identify::answer), Gate.OPEN);
        handlers.add(Identify.PUSH, true, new StreamQuota(Identify.MAXIMUM_STREAMS, identify::receivePush), Gate.OPEN);
        handlers.add(Ping.ID, true, new StreamQuota(Ping.MAXIMUM_STREAMS, ping::answer), Gate.OPEN);
    }

    /** What the dialler and the keeper see of this node. */
    private final class Inside implements Dialer.Node, PeerKeeper.Node {
        @Override public Connection dial(Multiaddr address, PeerId peer) throws IOException {
            return transport.dial(address, peer);
        }

        @Override public Connection dialFromAnyPort(Multiaddr address, PeerId peer) throws IOException {
            return transport.dialFromAnyPort(address, peer);
        }

        @Override public PeerConnection admit(Connection connection) throws IOException {
            return intake.admit(connection);
        }

        @Override public PeerConnection connected(PeerId peer) {
            return connections.best(peer);
        }

        @Override public boolean isConnected(PeerId peer) {
            return Swarm.this.isConnected(peer);
        }

        @Override public void connect(PeerId peer) throws IOException {
            Swarm.this.connect(peer, true);
        }
    }

    // ---- who this is

    /** This node's peer id. */
    public PeerId self() {
        return self;
    }

    /** The key behind {@link #self}. */
    public PublicKey publicKey() {
        return identity.publicKey();
    }

    /** See {@link TcpTransport#prepare}. */
    public void prepare() {
        transport.prepare();
    }

    /** Listens on /ip4|ip6/…/tcp/PORT, port 0 for any, and tells connected peers. Returns the address bound; fails with the reason. */
    public Multiaddr listen(Multiaddr address) throws IOException {
        Multiaddr bound = transport.listen(address);
        identify.changed();
        return bound;
    }

    /** As bound, wildcards included. */
    public List<Multiaddr> listenAddresses() {
        return transport.listenAddresses();
    }

    /** What others are told: see {@link AnnouncePolicy}. */
    public List<Multiaddr> announcedAddresses() {
        return announced.current();
    }

    /** Where this node is, as far as it knows itself. */
    public AnnouncedAddresses ownAddresses() {
        return announced;
    }

    // ---- protocols

    /**
     * Serves a protocol by its exact name; identify push tells connected peers.
     *
     * @param advertised false keeps the name out of identify
     * @throws IllegalStateException the name is taken
     */
    public void handle(String protocol, boolean advertised, StreamHandler handler) {
        handle(protocol, advertised, handler, Gate.OPEN);
    }

    /** The same for those whom the gate admits: to others the protocol does not exist. */
    public void handle(String protocol, boolean advertised, StreamHandler handler, Gate gate) {
        handlers.add(protocol, advertised, handler, gate);
        if (advertised && !closed.get()) {
            identify.changed();
        }
    }

    /** Serves it no more; open streams run on. Does nothing when it was not served. */
    public void unhandle(String protocol) {
        if (handlers.remove(protocol) && !closed.get()) {
            identify.changed();
        }
    }

    /** The gate of a protocol admits others than before: connected peers are told what is served for them. */
    public void gateChanged() {
        handlers.gateChanged();
        if (!closed.get()) {
            identify.changed();
        }
    }

    /** Names served, sorted, those that are not advertised included. */
    public List<String> protocols() {
        return handlers.names();
    }

    // ---- connections and peers

    /** Like {@link #connect(PeerId, boolean)} with false. */
    public Connection connect(PeerId peer) throws IOException {
        return connect(peer, false);
    }

    /**
     * An open connection to the peer, dialled by the addresses known when there is none. Blocks at most connectTimeout;
     * interruptible: then an {@link java.io.InterruptedIOException}, the interrupt stays set.
     *
     * @param ignoreBackOff dials addresses that have failed a moment ago again: for a person who asks
     * @throws DialFailedException no address is known, or none answered; names each address with its error
     */
    public Connection connect(PeerId peer, boolean ignoreBackOff) throws IOException {
        return connect(peer, settings.connectTimeout(), ignoreBackOff ? Duration.ZERO : DialBackOff.LONGEST, true).connection();
    }

    /** Like {@link #connect(PeerId)}, within that time, not over relays and without looking for addresses: what finders themselves use. */
    public Connection connectAsKnown(PeerId peer, Duration patience) throws IOException {
        return connect(peer, patience, DialBackOff.LONGEST, false).connection();
    }

    /** How peers are dialled: who looks for their addresses, resolves them, and dials over relays is told to it. */
    public Dialer dialer() {
        return dialer;
    }

    /** Makes connections that {@link #admit} takes in. */
    public TcpTransport transport() {
        return transport;
    }

    /**
     * Takes in a connection that was made with {@link #transport}, and starts it.
     *
     * @throws IOException it is refused, and closed; the message says why
     */
    public void admit(Connection connection) throws IOException {
        intake.admit(connection);
    }

    /** Relayed connections that are being replaced by direct ones. */
    public Upgrades upgrades() {
        return upgrades;
    }

    /** Tells that the network has changed. */
    public NetworkWatch networkWatch() {
        return networkWatch;
    }

    private PeerConnection connect(PeerId peer, Duration patience, Duration longestBackOff, boolean isSearching) throws IOException {
        if (peer.equals(self)) {
            throw new DialFailedException("dial to self attempted", List.of());
        }
        PeerConnection connected = connections.best(peer);
        Duration limit = patience.compareTo(settings.connectTimeout()) < 0 ? patience : settings.connectTimeout();
        return connected != null ? connected : dialer.dial(peer, limit, longestBackOff, isSearching);
    }

    /**
     * Opens a stream, connecting first if needed; lazily negotiated when the peer is known to speak the protocol. Blocks at
     * most openTimeout; interruptible. A protocol opened lazily may still be refused: the first read says so, see {@link #protocolRefused}.
     *
     * @throws ProtocolNotSupportedException the peer refuses the name
     * @throws DialFailedException the peer cannot be reached
     */
    public Stream openStream(PeerId peer, String protocol, RelayPolicy relays) throws IOException {
        return opener.open(peer, protocol, relays);
    }

    /** Like {@link #openStream(PeerId, String, RelayPolicy)}, over whatever connection there is. */
    public Stream openStream(PeerId peer, String protocol) throws IOException {
        return opener.open(peer, protocol, RelayPolicy.ALWAYS);
    }

    /** The same on that connection and no other. */
    public Stream openStream(Connection connection, String protocol) throws IOException {
        return opener.openOn(connection, protocol);
    }

    /** To be called when a read of a stream says that its protocol is not spoken after all: the next opening will ask first. */
    public void protocolRefused(PeerId peer, String protocol) {
        connections.of(peer).forEach(connection -> connection.refused(protocol));
    }

    /** True when openStream will not have to dial. */
    public boolean isConnected(PeerId peer) {
        return connections.best(peer) != null;
    }

    /** Closes all connections to the peer; how many there were. */
    public int disconnect(PeerId peer, String reason) {
        List<PeerConnection> open = connections.of(peer).stream().filter(connection -> connection.connection().isOpen()).toList();
        open.forEach(connection -> connection.connection().close(reason));
        return open.size();
    }

    /** All that are open, duplicates included. */
    public List<Connection> connections() {
        return connections.all().stream().map(PeerConnection::connection).filter(Connection::isOpen).toList();
    }

    /** Addresses known of peers. */
    public AddressBook addressBook() {
        return book;
    }

    /** What identify told of a connected (or recently connected) peer. */
    public Optional<IdentifiedPeer> identified(PeerId peer) {
        return knowledge.of(peer);
    }

    /**
     * Waits for identify of a connected peer, at most identifyTimeout.
     *
     * @throws IOException not connected, or the peer does not identify itself
     */
    public IdentifiedPeer awaitIdentified(PeerId peer) throws IOException {
        PeerConnection best = connections.best(peer);
        if (best == null) {
            throw new IOException("not connected to " + peer);
        }
        return best.awaitIdentified(settings.identifyTimeout());
    }

    /** The listener hears of every peer that has identified itself, or tells news of itself; it must not block. */
    public void onIdentified(Consumer<PeerId> listener) {
        knowledge.onIdentified(listener);
    }

    /** The listener hears of every connection that has ended; it must not block. */
    public void onEnded(Consumer<PeerId> listener) {
        knowledge.onEnded(listener);
    }

    /** One round trip of /ipfs/ping/1.0.0; connects first if needed, whatever the back-off says. */
    public Duration ping(PeerId peer) throws IOException {
        connect(peer, true);
        try {
            return ping.measure(openStream(peer, Ping.ID));
        } catch (ProtocolNotSupportedException e) {
            protocolRefused(peer, Ping.ID);
            throw e;
        }
    }

    /** The peer's connections are not closed to make room, nor refused for want of it, while any tag holds them. */
    public void protect(PeerId peer, String tag) {
        connections.protect(peer, tag);
    }

    /** Takes one tag away. */
    public void unprotect(PeerId peer, String tag) {
        connections.unprotect(peer, tag);
    }

    /** Keeps trying to stay connected to the peer (back-off 5 s to 10 min) and protects it until unpeered. */
    public void peer(PeerId peer) {
        connections.protect(peer, PEERING);
        if (!peer.equals(self) && !closed.get()) {
            keeper.keep(peer);
        }
    }

    /** Ends what {@link #peer} began; a connection that is open stays so. */
    public void unpeer(PeerId peer) {
        keeper.release(peer);
        connections.unprotect(peer, PEERING);
    }

    /** Why a peer that is kept is not connected: the last attempt's reason, fit for a person; "" when there is none. */
    public String peeringFailure(PeerId peer) {
        return isConnected(peer) ? "" : keeper.failure(peer);
    }

    /** Who is kept connected, in the order of asking. */
    public List<PeerId> peered() {
        return keeper.peers();
    }

    // ---- connections that come and go

    private void admitInbound(Connection connection) {
        intake.admitInbound(connection);
    }

    /** Stops dialling and listening, then closes every connection. Idempotent, never throws, does not wait for peers. */
    @Override public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        step("network watch", networkWatch::close);
        step("peering", keeper::close);
        step("identify", identify::close);
        step("dials", dialer::close);
        step("listening", transport::close);
        connections.close().forEach(open -> step("connection", () -> open.connection().close("this node is shutting down")));
    }

    private void step(String what, Runnable closing) {
        try {
            closing.run();
        } catch (RuntimeException e) {
            log.warn("closing (%s): %s", what, e);
        }
    }
}
