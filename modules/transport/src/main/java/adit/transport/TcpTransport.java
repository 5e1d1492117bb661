package adit.transport;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Dials and listens on TCP. Dials leave from the listening port where they can, so that the address others see is one
 * that can be reached (the ground of hole punching). Every connection it returns is authenticated and multiplexed but not
 * started.
 */
public final class TcpTransport implements AutoCloseable {
    /** IP addresses remembered as dialled. */
    private static final int MAXIMUM_DIALLED = 4096;

    private final PeerId self;
    private final TransportSettings settings;
    private final BufferPool pool;
    private final Loops loops;
    private final Deadlines deadlines;
    private final Log log;
    private final Consumer<Connection> onInbound;
    private final Upgrader upgrader;
    private final ReceiveBudget budget;
    private final Semaphore handshakes;
    private final List<TcpListener> listeners = new CopyOnWriteArrayList<>();
    /** Where connections are expected from by a hole punch, and the part this side plays on them. */
    private final Map<InetSocketAddress, Role> punching = new ConcurrentHashMap<>();
    private final Set<InetAddress> dialled = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override protected boolean removeEldestEntry(Map.Entry<InetAddress, Boolean> eldest) {
            return size() > MAXIMUM_DIALLED;
        }
    });

    /** @param onInbound called on a thread of its own for each accepted connection whose handshake succeeded */
    public TcpTransport(PrivateKey identity, TransportSettings settings, BufferPool pool, Loops loops, Deadlines deadlines, Log log,
            Consumer<Connection> onInbound) {
        this.self = identity.peerId();
        this.settings = settings;
        this.pool = pool;
        this.loops = loops;
        this.deadlines = deadlines;
        this.log = log;
        this.onInbound = onInbound;
        upgrader = new Upgrader(identity, settings, pool);
        budget = new ReceiveBudget(settings.receiveBudget());
        handshakes = new Semaphore(settings.maximumPendingHandshakes());
    }

    /** Makes the keys and the certificate that handshakes need, else the first one does. Blocks while it computes. */
    public void prepare() {
        upgrader.prepare();
    }

    /**
     * Listens on /ip4|ip6/…/tcp/PORT; port 0 lets the kernel choose.
     *
     * @return the address bound
     * @throws MalformedException the address is of another kind
     * @throws IOException it cannot be bound; the message says why
     */
    public Multiaddr listen(Multiaddr address) throws IOException {
        InetSocketAddress local = tcpAddress(address);
        boolean portIsOurs = listeners.stream().anyMatch(l -> l.port() == local.getPort());
        TcpListener listener = TcpListener.open(local, !portIsOurs);
        listeners.add(listener);
        loops.start("accept " + listener.address(), () -> listener.acceptLoop(this::accepted, deadlines, log));
        return listener.address();
    }

    /** What is listened on now, as bound. */
    public List<Multiaddr> listenAddresses() {
        return listeners.stream().map(TcpListener::address).toList();
    }

    /**
     * Connects to /ip4|ip6/…/tcp/PORT. Blocks at most dial plus handshake timeout; an interrupt ends it at once.
     *
     * @param expected the peer that must answer; null for whoever does
     * @throws PeerMismatchException another peer answered
     * @throws IOException no connection; the message says why
     */
    public Connection dial(Multiaddr address, PeerId expected) throws IOException {
        InetSocketAddress remote = tcpAddress(address);
        SocketChannel shared = connectFromListeningPort(remote);
        if (shared != null) {
            try {
                return upgrade(shared, Direction.OUTBOUND, Role.INITIATOR, expected);
            } catch (PeerMismatchException | SocketTimeoutException | ClosedChannelException e) {
                throw e;
            } catch (IOException e) {
                // Two peers that dial each other from and to their listening ports at once get one connection of which both
                // are the initiator (RFC 9293, 3.5, simultaneous open): no handshake succeeds on it. From another port it is another connection.
                log.debug("handshake with %s from the listening port failed: %s", remote, e.getMessage());
            }
        }
        return dialFromAnyPort(address, expected);
    }

    /** The same from a port of the moment: a try that may be in vain does not disturb what goes on between the listening ports. */
    public Connection dialFromAnyPort(Multiaddr address, PeerId expected) throws IOException {
        return upgrade(connect(SocketChannel.open(), tcpAddress(address)), Direction.OUTBOUND, Role.INITIATOR, expected);
    }

    /**
     * The same for a peer that dials us at this moment (DCUtR, TCP): from the listening port, again and again while it is refused, since a
     * router that answers for its hosts does so until its own host has dialled. While it runs, what is accepted from that address takes the same
     * part in the handshake. Blocks at most for the patience plus the handshake timeout; an interrupt ends it at once.
     *
     * @param role INITIATOR for the peer that got the SYNC message, RESPONDER for the one that sent it
     */
    public Connection punch(Multiaddr address, PeerId expected, Role role, Duration patience) throws IOException {
        InetSocketAddress remote = tcpAddress(address);
        long end = System.nanoTime() + patience.toNanos();
        punching.put(remote, role);
        try {
            while (true) {
                try {
                    SocketChannel socket = connectFromListeningPort(remote);
                    if (socket != null) {
                        return upgrade(socket, Direction.OUTBOUND, role, expected);
                    }
                    throw new BindException("no listening port can dial it, or its dial has been accepted");
                } catch (SocketException refused) {
                    if (end - System.nanoTime() <= 0) {
                        throw refused;
                    }
                    pauseOfRandomLength();
                }
            }
        } finally {
            punching.remove(remote, role);
        }
    }

    /** Null when none is expected from there. A NAT may choose another port for its host than it showed to others. */
    private Role punchingRole(InetSocketAddress remote) {
        Role exactly = punching.get(remote);
        return exactly != null ? exactly : punching.entrySet().stream()
                .filter(each -> each.getKey().getAddress().equals(remote.getAddress())).map(Map.Entry::getValue).findFirst().orElse(null);
    }

    /** Two peers that are refused in step would stay in step. */
    private void pauseOfRandomLength() throws ClosedByInterruptException {
        CountDownLatch over = new CountDownLatch(1);
        deadlines.after(Duration.ofMillis(ThreadLocalRandom.current().nextInt(5, 50)), over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
    }

    /**
     * A connection over a stream of another connection, the circuit of a relay: the same handshakes, muxer and limits. Blocks at most the
     * handshake timeout. On failure the stream is reset.
     *
     * @param circuit the address of both ends: the relay's, with /p2p and /p2p-circuit
     * @param direction OUTBOUND for the peer that asked for the circuit
     * @param expected the peer that must answer
     */
    public Connection overCircuit(Stream stream, Multiaddr circuit, Direction direction, PeerId expected, CircuitLimit limit) throws IOException {
        Role role = direction == Direction.OUTBOUND ? Role.INITIATOR : Role.RESPONDER;
        return upgrade(new StreamChannel(stream, limit),
                new ConnectionEnds(self, circuit, circuit, direction, role, ConnectionPath.RELAYED, limit, stream::reset, stream::reset), expected);
    }

    /** Whether that IP address has been dialled from here, with or without success; of many the latest are remembered. */
    public boolean hasDialled(InetAddress remote) {
        synchronized (dialled) {
            return dialled.contains(remote);
        }
    }

    /** Stops listening. Connections that are open stay so: they are their owner's to close. */
    @Override public void close() {
        for (TcpListener listener : listeners) {
            listener.close();
        }
        listeners.clear();
    }

    private static InetSocketAddress tcpAddress(Multiaddr address) throws MalformedException {
        return address.toTcp().orElseThrow(() -> new MalformedException("not an address of TCP over IP: " + address));
    }

    // ---- inbound

    private void accepted(SocketChannel socket) {
        if (!handshakes.tryAcquire()) {
            // a flood of half-open handshakes must not become a flood of threads
            log.debug("connection refused: %d handshakes are under way", settings.maximumPendingHandshakes());
            closeQuietly(socket);
            return;
        }
        loops.start("handshake", () -> {
            try {
                Role punched = punchingRole((InetSocketAddress) socket.getRemoteAddress());
                onInbound.accept(upgrade(socket, Direction.INBOUND, punched == null ? Role.RESPONDER : punched, null));
            } catch (IOException e) {
                log.debug("inbound handshake failed: %s", e.getMessage());
            } finally {
                handshakes.release();
            }
        });
    }

    // ---- outbound

    /** Null where the system does not let us. */
    private SocketChannel connectFromListeningPort(InetSocketAddress remote) throws IOException {
        for (TcpListener listener : listeners) {
            if (listener.canDial(remote)) {
                SocketChannel socket = listener.openDialling();
                if (socket != null) {
                    try {
                        return connect(socket, remote);
                    } catch (BindException e) {
                        // this pair of ports is in use or was a moment ago: any other port will do
                        log.debug("dial of %s from the listening port: %s", remote, e.getMessage());
                    }
                }
                break;
            }
        }
        return null;
    }

    private SocketChannel connect(SocketChannel socket, InetSocketAddress remote) throws IOException {
        synchronized (dialled) {
            dialled.add(remote.getAddress());
        }
        try {
            socket.socket().connect(remote, (int) settings.dialTimeout().toMillis());
            if (remote.equals(socket.getLocalAddress())) {
                // TCP's simultaneous open with oneself: nobody listens there
                throw new ConnectException("connection refused");
            }
            return socket;
        } catch (SocketTimeoutException e) {
            closeQuietly(socket);
            throw new SocketTimeoutException("no answer within " + settings.dialTimeout().toSeconds() + " s");
        } catch (IOException e) {
            closeQuietly(socket);
            throw e;
        }
    }

    // ---- both

    private Connection upgrade(SocketChannel socket, Direction direction, Role role, PeerId expected) throws IOException {
        ConnectionEnds ends;
        boolean isPunched;
        try {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            InetSocketAddress remote = (InetSocketAddress) socket.getRemoteAddress();
            isPunched = punchingRole(remote) != null;
            if (isPunched || direction == Direction.OUTBOUND) {
                // Closed with a reset until it is of use: this pair of ports is wanted at once for the next dial, or a hole punch.
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            ends = new ConnectionEnds(self, Multiaddr.ofTcp((InetSocketAddress) socket.getLocalAddress()), Multiaddr.ofTcp(remote), direction, role,
                    isPunched ? ConnectionPath.PUNCHED : ConnectionPath.DIRECT, CircuitLimit.none(), () -> closeQuietly(socket), () -> reset(socket));
        } catch (IOException e) {
            closeQuietly(socket);
            throw e;
        }
        Connection connection = upgrade(socket, ends, expected);
        if (!isPunched && direction == Direction.OUTBOUND) {
            try {
                socket.setOption(StandardSocketOptions.SO_LINGER, -1);
            } catch (IOException lost) {
                connection.close("lost at once");
                throw lost;
            }
        }
        return connection;
    }

    private Connection upgrade(ByteChannel raw, ConnectionEnds ends, PeerId expected) throws IOException {
        AtomicBoolean late = new AtomicBoolean();
        Runnable giveUp = () -> {
            late.set(true);
            ends.socketClose().run();
        };
        Deadlines.Deadline deadline = deadlines.after(settings.handshakeTimeout(), giveUp);
        try {
            SecureChannel channel = upgrader.secure(raw, ends.role(), expected);
            return new YamuxConnection(channel, ends, settings, pool, loops, deadlines, budget, log);
        } catch (IOException | RuntimeException e) {
            ends.socketClose().run();
            if (late.get()) {
                throw new SocketTimeoutException("handshake not finished within " + seconds(settings.handshakeTimeout()));
            }
            throw e;
        } finally {
            deadline.close();
        }
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }

    /** Of a socket that only closes something may be left for minutes: what was sent into a way that is gone is sent again and again. */
    private static void reset(SocketChannel socket) {
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException closedAlready) {
            return;
        }
        closeQuietly(socket);
    }

    private static void closeQuietly(SocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // closing is all that was wanted
        }
    }
}
