package adit.tunnel;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.RelayPolicy;
import adit.swarm.Swarm;
import adit.transport.BufferPool;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import adit.transport.StreamResetException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * All tunnels of a daemon. Argument errors are IllegalArgumentException with Kubo's words where Kubo has them. Thread-safe;
 * the lock guards the two lists.
 */
public final class Tunnels implements AutoCloseable {
    private final Surroundings surroundings;
    private final HeldPeers heldPeers;
    private final List<Forwarder> forwarders = new ArrayList<>();
    private final Map<String, Listener> listeners = new LinkedHashMap<>();
    private boolean closed;

    /** Starts nothing; swarm, pool, loops and deadlines stay their owner's to close, after this. */
    public Tunnels(Swarm swarm, TunnelSettings settings, BufferPool pool, Loops loops, Deadlines deadlines, Log log) {
        surroundings = new Surroundings(swarm, settings, pool, loops, deadlines, log, new LiveStreams(settings.maximumStreams(), log));
        heldPeers = new HeldPeers(swarm);
    }

    /**
     * Leads streams of a protocol to a service. The service is dialled for each stream, never now; its name is resolved
     * then, too.
     *
     * @param target /ip4|ip6/…/tcp/PORT, /ip6zone/…, /dns|dns4|dns6/HOST/tcp/PORT or /unix/PATH
     * @param reportPeerId writes the peer's id in base58 and a newline to the service first
     * @param allowCustomProtocol the name may lie outside /x/
     * @param advertised identify tells the name to every peer
     * @param grants who may use it; others get the answer to an unknown protocol. Live streams of theirs that are left of an earlier
     *        listener of that name are aborted
     * @param limits of each single peer
     * @throws IllegalArgumentException target or name cannot be used
     * @throws IllegalStateException "listener already registered", the daemon itself serves the protocol, or it is shutting down
     */
    public Listener listen(String protocol, Multiaddr target, boolean reportPeerId, boolean allowCustomProtocol,
            boolean advertised, Grants grants, Limits limits) {
        Listener listener = new Listener(surroundings, protocol, target, reportPeerId, grants, limits);
        ProtocolName.check(protocol, allowCustomProtocol);
        synchronized (this) {
            throwIfClosed();
            if (listeners.containsKey(protocol)) {
                throw new IllegalStateException("listener already registered");
            }
            listener.open(advertised);
            listeners.put(protocol, listener);
        }
        return listener;
    }

    /**
     * Leads local connections to a peer's protocol. The local address is bound before this returns; the peer is contacted
     * in the background.
     *
     * @param listen /ip4|ip6/…/tcp/PORT (port 0: the kernel chooses), /dns4/localhost/tcp/PORT or /unix/PATH
     * @param addresses of the peer, may be empty; kept as long as a forwarder to it lives
     * @param allowCustomProtocol the name may lie outside /x/
     * @param limits of all its clients together
     * @param relays whether its streams may go over a relay
     * @throws IllegalArgumentException an argument cannot be used
     * @throws java.net.BindException "listen tcp4 127.0.0.1:2222: bind: address already in use"
     * @throws IOException the name to bind cannot be resolved
     */
    public Forwarder forward(String protocol, Multiaddr listen, PeerId peer, List<Multiaddr> addresses,
            boolean allowCustomProtocol, Limits limits, RelayPolicy relays) throws IOException {
        if (peer == null) {
            throw new IllegalArgumentException("the target has no peer id: it must end in /p2p/PEER");
        }
        ProtocolName.check(protocol, allowCustomProtocol);
        ListenSocket socket = ListenSocket.bind(Endpoint.ofListen(listen));
        Forwarder forwarder = new Forwarder(surroundings, protocol, peer, socket, limits, relays);
        synchronized (this) {
            if (closed) {
                socket.close();
            }
            throwIfClosed();
            heldPeers.hold(peer, addresses);
            forwarder.open();
            forwarders.add(forwarder);
        }
        return forwarder;
    }

    /** Whether {@link #listen} could use these arguments: IllegalArgumentException as there. Opens nothing. */
    public static void checkListen(String protocol, Multiaddr target, boolean allowCustomProtocol) {
        Endpoint.ofTarget(target);
        ProtocolName.check(protocol, allowCustomProtocol);
    }

    /** Whether {@link #forward} could use these arguments: IllegalArgumentException as there. Opens nothing. */
    public static void checkForward(String protocol, Multiaddr listen, boolean allowCustomProtocol) {
        Endpoint.ofListen(listen);
        ProtocolName.check(protocol, allowCustomProtocol);
    }

    /** Forwarders first, then listeners, each in the order of setting up. */
    public synchronized List<Tunnel> list() {
        List<Tunnel> all = new ArrayList<>(forwarders);
        all.addAll(listeners.values());
        return all;
    }

    /** Ends the matching ones for new connections, leaves live streams alone; what was closed, in the order of {@link #list}. */
    public List<Tunnel> close(Predicate<Tunnel> which) {
        List<Tunnel> chosen = new ArrayList<>();
        synchronized (this) {
            for (Tunnel tunnel : list()) {
                if (which.test(tunnel)) {
                    chosen.add(tunnel);
                }
            }
            forwarders.removeAll(chosen);
            listeners.values().removeAll(chosen);
        }
        for (Tunnel tunnel : chosen) {
            switch (tunnel) {
                case Listener listener -> listener.close();
                case Forwarder forwarder -> {
                    forwarder.close();
                    heldPeers.release(forwarder.peer());
                }
            }
        }
        return chosen;
    }

    /** Blocks until the tunnel is closed (for foreground commands). */
    public void awaitClosed(Tunnel tunnel) throws InterruptedException {
        switch (tunnel) {
            case Listener listener -> listener.awaitClosed();
            case Forwarder forwarder -> forwarder.awaitClosed();
        }
    }

    /** By id. */
    public List<LiveStream> streams() {
        return surroundings.streams().list();
    }

    /** Aborts it; false when there is none of that id. */
    public boolean closeStream(long id) {
        return surroundings.streams().abort(id, new StreamResetException("closed on request"));
    }

    /** Aborts all; how many. */
    public int closeStreams() {
        return surroundings.streams().abortOpen(new StreamResetException("closed on request"));
    }

    /**
     * Connects a local channel that is already open (nc) to a peer's protocol and copies until both directions have ended;
     * blocks.
     *
     * @param relays whether the stream may go over a relay
     * @param local in blocking mode; closed when this returns. When this throws it is still open and the caller's, but
     *        another thread may be reading from it until it is closed
     * @param initial bytes already read from it
     * @param onOpen runs once the stream is open, before any byte is copied
     * @return why the connection was aborted, null after a clean end
     * @throws IllegalArgumentException the name cannot be used
     * @throws IOException no stream could be opened
     */
    public IOException connect(String protocol, PeerId peer, boolean allowCustomProtocol, RelayPolicy relays, SocketChannel local,
            byte[] initial, Runnable onOpen) throws IOException {
        ProtocolName.check(protocol, allowCustomProtocol);
        LocalEnd end = LocalEnd.of(local);
        try (LiveStreams.Place place = surroundings.streams().enter();
                Client client = new Client(surroundings, peer, protocol, relays, end, initial.length == 0)) {
            IOException failure = client.carry(place, new Counters(), end.origin(), initial, onOpen);
            end.close();
            return failure;
        }
    }

    /** Stops listening, lets streams end by themselves for {@link TunnelSettings#drainTimeout}, aborts the rest. Idempotent. */
    @Override public void close() {
        synchronized (this) {
            closed = true;
        }
        close(tunnel -> true);
        surroundings.streams().drain(surroundings.settings().drainTimeout(), new StreamResetException("shutting down"));
    }

    private void throwIfClosed() {
        if (closed) {
            throw new IllegalStateException("shutting down");
        }
    }
}
