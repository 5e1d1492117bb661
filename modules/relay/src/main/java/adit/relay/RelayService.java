package adit.relay;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.swarm.AddressScope;
import adit.swarm.StreamQuota;
import adit.swarm.Swarm;
import adit.transport.Connection;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import adit.transport.Stream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Serves peers that cannot be dialled: they reserve a place here, and others reach them through this node (libp2p/specs
 * relay/circuit-v2.md, the relay's side of both protocols). It never dials for anybody, and takes no request that comes over a relay
 * itself. Every refusal is answered with its status. Thread-safe.
 */
public final class RelayService implements AutoCloseable {
    /** Streams of one peer served at a time beyond its circuits. */
    private static final int REQUESTS_PER_PEER = 4;

    /** Pause between two looks whether those who have reservations are still connected. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private static final String PROTECTION = "relay-reservation";

    private final Swarm swarm;
    private final PrivateKey identity;
    private final RelayServiceSettings settings;
    private final Loops loops;
    private final Deadlines deadlines;
    private final Log log;
    private final Reservations reservations;
    private final CircuitQuota circuits;
    private final LongAdder served = new LongAdder();
    private final LongAdder relayed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private Deadlines.Deadline lookAgain;

    /**
     * How much it does.
     *
     * @param reservations held now
     * @param circuits open now, or about to be
     * @param circuitsServed opened since the start
     * @param bytesRelayed payload of circuits since the start, both directions
     * @param refusals requests answered with another status than OK since the start
     */
    public record Status(int reservations, int circuits, long circuitsServed, long bytesRelayed, long refusals) {}

    /** @param identity the swarm's: it signs the vouchers */
    public RelayService(Swarm swarm, PrivateKey identity, RelayServiceSettings settings, Loops loops, Deadlines deadlines, Log log) {
        this.swarm = swarm;
        this.identity = identity;
        this.settings = settings;
        this.loops = loops;
        this.deadlines = deadlines;
        this.log = log;
        reservations = new Reservations(settings, new SwarmPeers(swarm));
        circuits = new CircuitQuota(settings);
    }

    private record SwarmPeers(Swarm swarm) implements Reservations.Peers {
        @Override public List<Connection> direct(PeerId peer) {
            return swarm.connections().stream().filter(each -> each.remotePeer().equals(peer) && !isRelayed(each)).toList();
        }

        @Override public void protect(PeerId peer) {
            swarm.protect(peer, PROTECTION);
        }

        @Override public void unprotect(PeerId peer) {
            swarm.unprotect(peer, PROTECTION);
        }
    }

    private static boolean isRelayed(Connection connection) {
        return connection.remoteAddress().has(Multiaddr.Protocol.P2P_CIRCUIT);
    }

    /** Begins to serve; once. */
    public synchronized void start() {
        lookAgain = deadlines.every(LOOK_AGAIN, () -> reservations.lookAgain(Instant.now()));
        swarm.handle(CircuitProtocol.HOP.id(), true, new StreamQuota(settings.maximumCircuitsPerPeer() + REQUESTS_PER_PEER, this::answer));
    }

    /** Ends all reservations; circuits that are open run on. Idempotent. */
    @Override public synchronized void close() {
        swarm.unhandle(CircuitProtocol.HOP.id());
        reservations.close();
        if (lookAgain != null) {
            lookAgain.close();
        }
    }

    /** What it does now and has done. */
    public Status status() {
        return new Status(reservations.count(), circuits.count(), served.sum(), relayed.sum(), refused.sum());
    }

    // ---- requests

    private void answer(Stream stream) throws IOException {
        CircuitMessage request;
        try (Deadlines.Deadline _ = deadlines.after(settings.requestTimeout(), stream::reset)) {
            request = CircuitMessage.read(CircuitProtocol.HOP, stream.inputStream());
        } catch (MalformedException e) {
            refuse(stream, CircuitStatus.MALFORMED_MESSAGE);
            return;
        }
        if (isRelayed(stream.connection())) {
            refuse(stream, CircuitStatus.PERMISSION_DENIED);
            return;
        }
        switch (request.type()) {
            case RESERVE -> reserve(stream);
            case CONNECT -> connect(stream, request.peer());
            case STATUS -> refuse(stream, CircuitStatus.UNEXPECTED_MESSAGE);
        }
    }

    private void refuse(Stream stream, CircuitStatus status) throws IOException {
        log.debug("relay: %s gets %s", stream.connection().remotePeer(), status);
        refused.increment();
        write(stream, CircuitMessage.status(status));
        stream.close();
    }

    private void write(Stream stream, CircuitMessage answer) throws IOException {
        try (Deadlines.Deadline _ = deadlines.after(settings.requestTimeout(), stream::reset)) {
            answer.write(CircuitProtocol.HOP, stream.outputStream());
        }
    }

    // ---- reservations

    private void reserve(Stream stream) throws IOException {
        Instant expire = reservations.reserve(stream.connection(), Instant.now());
        if (expire == null) {
            refuse(stream, CircuitStatus.RESERVATION_REFUSED);
            return;
        }
        PeerId peer = stream.connection().remotePeer();
        log.debug("relay: %s has a reservation until %s", peer, expire);
        byte[] voucher = new ReservationVoucher(swarm.self(), peer, expire).seal(identity).toBytes();
        var reservation = new CircuitMessage.Reservation(expire, addresses(), voucher);
        write(stream, CircuitMessage.status(CircuitStatus.OK, reservation, settings.limit(peer, peer)));
        stream.close();
    }

    /** Where this relay is to be found: its public addresses; a relay of a private network has none, and tells the others. */
    private List<Multiaddr> addresses() throws MalformedException {
        List<Multiaddr> announced = swarm.announcedAddresses().stream().filter(address -> !address.has(Multiaddr.Protocol.P2P_CIRCUIT)).toList();
        List<Multiaddr> known = announced.stream().filter(AddressScope::isPublic).toList();
        Multiaddr self = Multiaddr.of(new Multiaddr.Component(Multiaddr.Protocol.P2P, swarm.self().toString()));
        List<Multiaddr> full = new ArrayList<>();
        for (Multiaddr address : known.isEmpty() ? announced : known) {
            try {
                full.add(address.encapsulate(self));
            } catch (IllegalArgumentException e) {
                // one that the user announces, and that nothing can follow
            }
        }
        return full;
    }

    // ---- circuits

    private void connect(Stream stream, PeerId target) throws IOException {
        PeerId source = stream.connection().remotePeer();
        if (target == null) {
            refuse(stream, CircuitStatus.MALFORMED_MESSAGE);
            return;
        }
        Connection connection = reservations.connectionTo(target, Instant.now());
        if (connection == null) {
            refuse(stream, CircuitStatus.NO_RESERVATION);
            return;
        }
        IpPrefix address = settings.unlimited().contains(source) ? null : IpPrefix.ip(stream.connection()).map(IpPrefix::address).orElse(null);
        CircuitQuota.Way way = new CircuitQuota.Way(source, address, target);
        if (!circuits.enter(way)) {
            refuse(stream, CircuitStatus.RESOURCE_LIMIT_EXCEEDED);
            return;
        }
        try {
            relay(stream, connection, settings.limit(source, target));
        } finally {
            circuits.leave(way);
        }
    }

    private void relay(Stream stream, Connection connection, RelayLimit limit) throws IOException {
        Stream stop;
        try {
            stop = openStop(stream, connection, limit);
        } catch (IOException e) {
            log.debug("relay: %s does not take a circuit: %s", connection.remotePeer(), e.getMessage());
            refuse(stream, CircuitStatus.CONNECTION_FAILED);
            return;
        }
        try {
            write(stream, CircuitMessage.status(CircuitStatus.OK, null, limit));
        } catch (IOException e) {
            stop.reset();
            throw e;
        }
        served.increment();
        new Circuit(stream, stop, limit, settings.bufferSize(), relayed).run(loops, deadlines, log);
    }

    /** Asks the target on a stream of that very connection: a relay does not dial. */
    private Stream openStop(Stream hop, Connection connection, RelayLimit limit) throws IOException {
        Stream stop = connection.openStreamLazily(CircuitProtocol.STOP.id());
        hop.onReset(cause -> stop.reset());
        try (Deadlines.Deadline _ = deadlines.after(settings.connectTimeout(), stop::reset)) {
            CircuitMessage.connect(hop.connection().remotePeer(), limit).write(CircuitProtocol.STOP, stop.outputStream());
            CircuitMessage answer = CircuitMessage.read(CircuitProtocol.STOP, stop.inputStream());
            if (answer.type() != CircuitMessage.Type.STATUS || !answer.status().equals(CircuitStatus.OK)) {
                throw new IOException("it answers " + answer.type() + " " + answer.status());
            }
            return stop;
        } catch (IOException e) {
            stop.reset();
            throw e;
        }
    }
}
