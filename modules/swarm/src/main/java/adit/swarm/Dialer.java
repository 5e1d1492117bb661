package adit.swarm;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.transport.Connection;
import adit.transport.Deadlines;
import adit.transport.Loops;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Connects to peers by the addresses known. There is one dial per peer at a time: whoever wants the peer meanwhile waits for
 * the same, and when nobody waits any more it stops. The monitor guards the table of dials and who waits for them.
 */
public final class Dialer {
    /** How connections are made and taken in: what the dialler needs of the node. */
    interface Node {
        Connection dial(Multiaddr address, PeerId peer) throws IOException;

        /** The same from another port than the one listened on. */
        Connection dialFromAnyPort(Multiaddr address, PeerId peer) throws IOException;

        /** Starts the connection and puts it into the table. */
        PeerConnection admit(Connection connection) throws IOException;

        /** Null when there is none. */
        PeerConnection connected(PeerId peer);
    }

    private static final Duration DIALLED_LIFE = Duration.ofDays(1);

    /** Addresses that were looked for live on for so long. */
    private static final Duration FOUND_LIFE = Duration.ofMinutes(10);

    private static final class Shared {
        private final PeerDial dial;
        private int waiting;

        Shared(PeerDial dial) {
            this.dial = dial;
        }
    }

    private final SwarmSettings settings;
    private final Node node;
    private final AddressBook book;
    private final Loops loops;
    private final Deadlines deadlines;
    private final NameResolver names = new NameResolver();
    private final DialBackOff backOff = new DialBackOff(System::nanoTime);
    private final Map<PeerId, Shared> dials = new HashMap<>();
    private volatile AddressFinder finder;
    private volatile CircuitDialer circuits = (circuit, peer) -> {
        throw new IOException("relays are not used here");
    };
    private boolean closed;

    Dialer(SwarmSettings settings, Node node, AddressBook book, Loops loops, Deadlines deadlines) {
        this.settings = settings;
        this.node = node;
        this.book = book;
        this.loops = loops;
        this.deadlines = deadlines;
    }

    /** Who looks for addresses from now on; nobody at first. */
    public void findBy(AddressFinder addressFinder) {
        finder = addressFinder;
    }

    /** Who resolves /dnsaddr from now on; nobody at first. */
    public void resolveDnsAddressBy(AddressResolver resolver) {
        names.resolveDnsAddressBy(resolver);
    }

    /** Who dials addresses of circuits from now on; nobody at first. */
    public void dialCircuitsBy(CircuitDialer circuitDialer) {
        circuits = circuitDialer;
    }

    /** Whether it leads over a relay. */
    static boolean isCircuit(Multiaddr address) {
        return address.has(Multiaddr.Protocol.P2P_CIRCUIT);
    }

    /**
     * Blocks until there is a connection, at most for that long. Interruptible.
     *
     * @param longestBackOff see {@link DialBackOff#blocked}
     * @param isSearching other addresses are looked for when those known have failed, and relays will do
     * @throws DialFailedException no address known, or none answered
     */
    PeerConnection dial(PeerId peer, Duration patience, Duration longestBackOff, boolean isSearching) throws IOException {
        List<Multiaddr> addresses = book.addresses(peer).stream().filter(address -> isSearching || !isCircuit(address)).toList();
        Shared shared = join(peer, addresses, longestBackOff, isSearching ? finder : null);
        try {
            return shared.dial.await(patience);
        } finally {
            leave(peer, shared);
        }
    }

    private synchronized Shared join(PeerId peer, List<Multiaddr> addresses, Duration longestBackOff, AddressFinder search)
            throws IOException {
        if (closed) {
            throw new IOException("the swarm is closed");
        }
        Shared shared = dials.get(peer);
        if (shared == null || shared.dial.isOver()) {
            if (addresses.isEmpty() && search == null && node.connected(peer) == null) {
                throw DialFailedException.noAddresses(peer, "");
            }
            shared = new Shared(new PeerDial(this, peer));
            dials.put(peer, shared);
        }
        shared.waiting++;
        PeerConnection present = node.connected(peer);
        if (present != null) {
            // it came between the caller's look and this one
            shared.dial.satisfied(present);
        } else {
            shared.dial.findBy(search, longestBackOff);
            shared.dial.add(addresses, longestBackOff);
            if (shared.waiting == 1) {
                start("dial " + peer, shared.dial::dialLoop);
            }
        }
        return shared;
    }

    private void leave(PeerId peer, Shared shared) {
        boolean last;
        synchronized (this) {
            shared.waiting--;
            last = shared.waiting == 0;
            if (last && dials.get(peer) == shared) {
                dials.remove(peer);
            }
        }
        if (last) {
            shared.dial.cancel("nobody waits for it any more");
        }
    }

    /** The dial has its outcome. */
    synchronized void forget(PeerId peer, PeerDial dial) {
        Shared shared = dials.get(peer);
        if (shared != null && shared.dial == dial) {
            dials.remove(peer);
        }
    }

    /** A connection to that peer was taken in: whoever waits for one has it. */
    void connected(PeerConnection connection) {
        Shared shared;
        synchronized (this) {
            shared = dials.get(connection.peer());
        }
        if (shared != null) {
            shared.dial.satisfied(connection);
        }
    }

    /** Stops all dials; their callers get an exception. */
    void close() {
        List<Shared> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(dials.values());
        }
        open.forEach(shared -> shared.dial.cancel("the swarm is closed"));
    }

    // ---- what a dial uses

    SwarmSettings settings() {
        return settings;
    }

    DialBackOff backOff() {
        return backOff;
    }

    NameResolver names() {
        return names;
    }

    Thread start(String name, Runnable loop) {
        return loops.start(name, loop);
    }

    void after(Duration delay, Runnable action) {
        deadlines.after(delay, action);
    }

    Connection dial(Multiaddr address, PeerId peer) throws IOException {
        if (isCircuit(address)) {
            return circuits.dial(address, peer);
        }
        // The peer may be behind a NAT, and dial us this moment: the listening ports would meet outside a hole punch, as two initiators, and
        // what they leave behind in the NATs would be in the way of the hole punch.
        boolean mayBePunched = AddressScope.isPublic(address) && book.addresses(peer).stream().anyMatch(Dialer::isCircuit);
        return mayBePunched ? node.dialFromAnyPort(address, peer) : node.dial(address, peer);
    }

    void found(PeerId peer, List<Multiaddr> addresses) {
        book.add(peer, addresses, FOUND_LIFE, AddressBook.Source.ROUTING);
    }

    PeerConnection admit(Connection connection, Multiaddr address) throws IOException {
        PeerConnection admitted = node.admit(connection);
        backOff.succeeded(admitted.peer());
        // a reservation is soon another peer's
        book.add(admitted.peer(), List.of(address), isCircuit(address) ? FOUND_LIFE : DIALLED_LIFE, AddressBook.Source.DIALLED);
        return admitted;
    }
}
