package adit.relay;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.swarm.AddressBook;
import adit.swarm.Swarm;
import adit.transport.CircuitLimit;
import adit.transport.Connection;
import adit.transport.ConnectionPath;
import adit.transport.Deadlines;
import adit.transport.Direction;
import adit.transport.Log;
import adit.transport.Stream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * What a peer behind relays does (libp2p/specs relay/circuit-v2.md): reserves a place at a relay, connects to others through one, and is
 * connected to. Thread-safe; every exchange has an end.
 */
final class RelayClient {
    /** A relay's address that came with a circuit's lives for so long. */
    private static final Duration RELAY_ADDRESS_LIFE = Duration.ofMinutes(10);

    private final Swarm swarm;
    private final RelayClientSettings settings;
    private final Deadlines deadlines;
    private final Log log;
    private final Consumer<Connection> onInbound;
    private final Consumer<PeerId> onOutbound;
    private final Semaphore pending;
    /** Relays that may connect others to this node: those that were asked for a reservation. */
    private final Set<PeerId> trusted = ConcurrentHashMap.newKeySet();

    /**
     * @param onInbound hears of relayed connections that others made, once they are in use; must not block
     * @param onOutbound hears of peers to which this node has made one, before it is in use
     */
    RelayClient(Swarm swarm, RelayClientSettings settings, Deadlines deadlines, Log log, Consumer<Connection> onInbound, Consumer<PeerId> onOutbound) {
        this.swarm = swarm;
        this.settings = settings;
        this.deadlines = deadlines;
        this.log = log;
        this.onInbound = onInbound;
        this.onOutbound = onOutbound;
        pending = new Semaphore(settings.pendingCircuits());
    }

    // ---- connecting through a relay

    /** A {@link adit.swarm.CircuitDialer}. */
    Connection dial(Multiaddr circuit, PeerId peer) throws IOException {
        CircuitAddress address = CircuitAddress.parse(circuit);
        PeerId relay = address.relay();
        if (relay.equals(swarm.self()) || relay.equals(peer)) {
            throw new MalformedException("a peer is no relay to itself");
        }
        address.address().ifPresent(at -> swarm.addressBook().add(relay, List.of(at), RELAY_ADDRESS_LIFE, AddressBook.Source.ROUTING));
        Connection toRelay = directly(swarm.connectAsKnown(relay, settings.circuitTimeout()));
        Stream stream = swarm.openStream(toRelay, CircuitProtocol.HOP.id());
        try (Deadlines.Deadline _ = deadlines.after(settings.circuitTimeout(), stream::reset)) {
            CircuitMessage answer = ask(stream, CircuitMessage.connect(peer, RelayLimit.NONE));
            return connection(stream, Direction.OUTBOUND, peer, answer.limit());
        } catch (IOException | RuntimeException e) {
            stream.reset();
            throw e;
        }
    }

    private static Connection directly(Connection connection) throws IOException {
        if (connection.path() == ConnectionPath.RELAYED) {
            throw new IOException("the relay itself is reached through a relay only");
        }
        return connection;
    }

    private Connection connection(Stream stream, Direction direction, PeerId peer, RelayLimit limit) throws IOException {
        Connection relay = stream.connection();
        Multiaddr circuit = CircuitAddress.through(relay.remoteAddress(), relay.remotePeer());
        Connection made = swarm.transport().overCircuit(stream, circuit, direction, peer, CircuitLimit.of(limit.duration(), limit.data()));
        if (direction == Direction.OUTBOUND) {
            onOutbound.accept(peer);
        }
        return made;
    }

    /** @throws RelayRefusedException the answer is no */
    private CircuitMessage ask(Stream stream, CircuitMessage question) throws IOException {
        question.write(CircuitProtocol.HOP, stream.outputStream());
        CircuitMessage answer = CircuitMessage.read(CircuitProtocol.HOP, stream.inputStream());
        if (answer.type() != CircuitMessage.Type.STATUS) {
            throw new MalformedException("the relay answers with a message of type " + answer.type());
        }
        if (!answer.status().equals(CircuitStatus.OK)) {
            throw new RelayRefusedException(stream.connection().remotePeer(), answer.status());
        }
        return answer;
    }

    // ---- being connected to

    /**
     * Reserves a place at a connected relay, or renews it. Blocks, with an end.
     *
     * @throws RelayRefusedException the relay does not want to
     */
    Reservation reserve(PeerId relay) throws IOException {
        Connection toRelay = directly(swarm.connect(relay, true));
        trusted.add(relay);
        Stream stream = swarm.openStream(toRelay, CircuitProtocol.HOP.id());
        try (Deadlines.Deadline _ = deadlines.after(settings.messageTimeout(), stream::reset)) {
            CircuitMessage answer = ask(stream, CircuitMessage.reserve());
            stream.close();
            return reservation(toRelay, answer);
        } catch (IOException | RuntimeException e) {
            stream.reset();
            trusted.remove(relay);
            throw e;
        }
    }

    private Reservation reservation(Connection toRelay, CircuitMessage answer) throws IOException {
        PeerId relay = toRelay.remotePeer();
        CircuitMessage.Reservation told = answer.reservation();
        if (told == null || !told.expire().isAfter(Instant.now())) {
            throw new MalformedException("the relay " + relay + " grants a reservation that has no end ahead");
        }
        if (told.voucher().length > 0) {
            ReservationVoucher voucher = ReservationVoucher.open(told.voucher());
            if (!voucher.relay().equals(relay) || !voucher.peer().equals(swarm.self())) {
                throw new MalformedException("the voucher of the relay " + relay + " is for others");
            }
        }
        List<Multiaddr> circuits = new ArrayList<>();
        for (Multiaddr address : told.addresses()) {
            if (address.toTcp().isPresent() && address.lastPeerId().filter(relay.toString()::equals).isPresent()) {
                circuits.add(CircuitAddress.through(address, relay));
            }
        }
        if (circuits.isEmpty() && toRelay.direction() == Direction.OUTBOUND) {
            circuits.add(CircuitAddress.through(toRelay.remoteAddress(), relay));
        }
        return new Reservation(relay, List.copyOf(circuits), told.expire(), answer.limit());
    }

    /** The reservation is wanted no more, or gone. */
    void forget(PeerId relay) {
        trusted.remove(relay);
    }

    /** Serves /libp2p/circuit/relay/0.2.0/stop: a relay has a circuit for this node. */
    void answerStop(Stream stream) throws IOException {
        PeerId relay = stream.connection().remotePeer();
        CircuitMessage wanted;
        try (Deadlines.Deadline _ = deadlines.after(settings.messageTimeout(), stream::reset)) {
            wanted = CircuitMessage.read(CircuitProtocol.STOP, stream.inputStream());
            CircuitStatus refusal = refusal(wanted, relay);
            if (refusal != null) {
                CircuitMessage.status(refusal).write(CircuitProtocol.STOP, stream.outputStream());
                stream.close();
                return;
            }
        }
        try {
            CircuitMessage.status(CircuitStatus.OK).write(CircuitProtocol.STOP, stream.outputStream());
            Connection connection = connection(stream, Direction.INBOUND, wanted.peer(), wanted.limit());
            swarm.admit(connection);
            log.debug("%s is connected through the relay %s", wanted.peer(), relay);
            onInbound.accept(connection);
        } finally {
            pending.release();
        }
    }

    /** Null when the circuit is taken, and with it one of those that may be pending. */
    private CircuitStatus refusal(CircuitMessage wanted, PeerId relay) {
        if (wanted.type() != CircuitMessage.Type.CONNECT) {
            return CircuitStatus.UNEXPECTED_MESSAGE;
        }
        if (wanted.peer() == null || wanted.peer().equals(swarm.self()) || wanted.peer().equals(relay)) {
            return CircuitStatus.MALFORMED_MESSAGE;
        }
        if (!trusted.contains(relay)) {
            return CircuitStatus.PERMISSION_DENIED;
        }
        return pending.tryAcquire() ? null : CircuitStatus.RESOURCE_LIMIT_EXCEEDED;
    }
}
