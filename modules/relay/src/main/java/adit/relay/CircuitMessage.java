package adit.relay;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.ProtobufReader;
import adit.multiformats.ProtobufWriter;
import adit.multiformats.Varint;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of circuit relay v2 (libp2p/specs relay/circuit-v2.md, "Protobuf"): on a stream a varint length, then
 *
 * <pre>
 * HopMessage {                    StopMessage {        Reservation {                 Peer {
 *   1  type         enum            1  type    enum      1  expire   uint64, Unix s    1  id     bytes
 *   2  peer         Peer            2  peer    Peer      2  addrs    bytes, repeated   2  addrs  bytes, unused }
 *   3  reservation  Reservation     3  limit   Limit     3  voucher  bytes }         Limit {
 *   4  limit        Limit           4  status  enum }                                  1  duration  uint32, s
 *   5  status       enum }                                                             2  data      uint64, bytes }
 * </pre>
 *
 * A peer's addrs are for relays that dial, which this is not. Unknown fields and addresses that are not understood are skipped; a type
 * that is not known, and an id that is none, are refused.
 *
 * @param peer whom a CONNECT speaks of: toward the relay the peer wanted, from it the peer that wants; null when not told
 * @param reservation null when not told
 * @param limit never null: {@link RelayLimit#NONE} when not told
 * @param status {@link CircuitStatus#UNUSED} when not told
 */
record CircuitMessage(Type type, PeerId peer, Reservation reservation, RelayLimit limit, CircuitStatus status) {
    /** Longest message, bytes: the specification's limit. */
    static final int MAXIMUM = 4096;

    /** Addresses read of a relay, and written of this one. */
    static final int MAXIMUM_ADDRESSES = 32;

    /** All of a message but addresses and voucher takes less. */
    private static final int OVERHEAD = 64;
    private static final int ADDRESS_OVERHEAD = 3;

    private static final int TYPE = 1;
    private static final int PEER = 2;
    private static final int RESERVATION = 3;
    private static final int PEER_ID = 1;
    private static final int EXPIRE = 1;
    private static final int ADDRESS = 2;
    private static final int VOUCHER = 3;
    private static final int DURATION = 1;
    private static final int DATA = 2;

    /** What a message wants; their numbers differ between the two protocols. */
    enum Type { RESERVE, CONNECT, STATUS }

    /**
     * A place at a relay. Two are equal when their vouchers are the same array.
     *
     * @param expire when it ends; whole seconds
     * @param addresses of the relay, with its peer id, without /p2p-circuit
     * @param voucher a {@link ReservationVoucher} that has not been looked at yet, not copied; empty when there is none
     */
    record Reservation(Instant expire, List<Multiaddr> addresses, byte[] voucher) {
        Reservation {
            expire = Instant.ofEpochSecond(expire.getEpochSecond());
            addresses = List.copyOf(addresses);
        }
    }

    /** Asks for a place. */
    static CircuitMessage reserve() {
        return new CircuitMessage(Type.RESERVE, null, null, RelayLimit.NONE, CircuitStatus.UNUSED);
    }

    /** Asks for a circuit, to or from that peer. */
    static CircuitMessage connect(PeerId peer, RelayLimit limit) {
        return new CircuitMessage(Type.CONNECT, peer, null, limit, CircuitStatus.UNUSED);
    }

    /** Says how it went. */
    static CircuitMessage status(CircuitStatus status) {
        return status(status, null, RelayLimit.NONE);
    }

    /** Grants a place, or a circuit where the reservation is null. */
    static CircuitMessage status(CircuitStatus status, Reservation reservation, RelayLimit limit) {
        return new CircuitMessage(Type.STATUS, null, reservation, limit, status);
    }

    // ---- reading

    /**
     * Reads one message and nothing behind it: the circuit's own bytes follow. Blocks; the caller sets the deadline.
     *
     * @throws MalformedException it is too long, or no such message
     * @throws EOFException the stream ended before it
     */
    static CircuitMessage read(CircuitProtocol protocol, InputStream from) throws IOException {
        byte[] bytes = Varint.readLengthPrefixed(from, MAXIMUM);
        if (bytes == null) {
            throw new EOFException("the stream ended without a message of " + protocol.id());
        }
        return parse(protocol, bytes);
    }

    /** Reads what follows the length. */
    static CircuitMessage parse(CircuitProtocol protocol, byte[] bytes) throws MalformedException {
        // proto3: what is zero is not sent
        long type = 0;
        PeerId peer = null;
        Reservation reservation = null;
        RelayLimit limit = RelayLimit.NONE;
        CircuitStatus status = CircuitStatus.UNUSED;
        ProtobufReader reader = new ProtobufReader(bytes);
        while (reader.next()) {
            int field = reader.field();
            if (field == TYPE) {
                type = reader.readVarint();
            } else if (field == PEER) {
                peer = parsePeer(reader.readMessage());
            } else if (field == protocol.limitField()) {
                limit = parseLimit(reader.readMessage());
            } else if (field == protocol.statusField()) {
                status = new CircuitStatus((int) reader.readVarint());
            } else if (field == RESERVATION) {
                // the field's number means the limit in the other protocol
                reservation = parseReservation(reader.readMessage());
            }
        }
        if (type < 0 || type >= protocol.types().size()) {
            throw new MalformedException("a message of " + protocol.id() + " has no type " + type);
        }
        return new CircuitMessage(protocol.types().get((int) type), peer, reservation, limit, status);
    }

    private static PeerId parsePeer(ProtobufReader reader) throws MalformedException {
        PeerId id = null;
        while (reader.next()) {
            if (reader.field() == PEER_ID) {
                id = PeerId.fromBytes(reader.readBytes());
            }
        }
        return id;
    }

    private static Reservation parseReservation(ProtobufReader reader) throws MalformedException {
        Instant expire = Instant.EPOCH;
        List<Multiaddr> addresses = new ArrayList<>();
        byte[] voucher = {};
        while (reader.next()) {
            switch (reader.field()) {
                case EXPIRE -> expire = instant(reader.readVarint());
                case ADDRESS -> addAddress(reader.readBytes(), addresses);
                case VOUCHER -> voucher = reader.readBytes();
                default -> { }
            }
        }
        return new Reservation(expire, addresses, voucher);
    }

    private static void addAddress(byte[] bytes, List<Multiaddr> addresses) {
        if (addresses.size() >= MAXIMUM_ADDRESSES || bytes.length == 0) {
            return;
        }
        try {
            addresses.add(Multiaddr.fromBytes(bytes));
        } catch (MalformedException unknownKind) {
            // a transport of the future: the relay's other addresses are worth reading
        }
    }

    private static RelayLimit parseLimit(ProtobufReader reader) throws MalformedException {
        long seconds = 0;
        long data = 0;
        while (reader.next()) {
            switch (reader.field()) {
                case DURATION -> seconds = reader.readVarint() & RelayLimit.MAXIMUM_SECONDS;
                case DATA -> data = unsigned(reader.readVarint());
                default -> { }
            }
        }
        return new RelayLimit(Duration.ofSeconds(seconds), data);
    }

    /** Unix seconds, unsigned: what is beyond the calendar is its end. */
    static Instant instant(long seconds) {
        return Instant.ofEpochSecond(Math.min(unsigned(seconds), Instant.MAX.getEpochSecond()));
    }

    private static long unsigned(long value) {
        return value < 0 ? Long.MAX_VALUE : value;
    }

    // ---- writing

    /** Sends it with its length, in one call to the stream. */
    void write(CircuitProtocol protocol, OutputStream to) throws IOException {
        Varint.writeLengthPrefixed(to, toBytes(protocol));
    }

    /** What follows the length. */
    byte[] toBytes(CircuitProtocol protocol) {
        ProtobufWriter writer = new ProtobufWriter().varint(TYPE, protocol.types().indexOf(type));
        if (peer != null) {
            writer.message(PEER, new ProtobufWriter().bytes(PEER_ID, peer.toBytes()));
        }
        if (reservation != null && protocol == CircuitProtocol.HOP) {
            writer.message(RESERVATION, reservationBytes());
        }
        if (!limit.isNone()) {
            writer.message(protocol.limitField(), new ProtobufWriter().varint(DURATION, limit.duration().toSeconds()).varint(DATA, limit.data()));
        }
        if (!status.equals(CircuitStatus.UNUSED)) {
            writer.varint(protocol.statusField(), status.code());
        }
        return writer.toBytes();
    }

    /** Addresses that would make the message too long are left out. */
    private ProtobufWriter reservationBytes() {
        ProtobufWriter writer = new ProtobufWriter().varint(EXPIRE, reservation.expire().getEpochSecond());
        int room = MAXIMUM - OVERHEAD - reservation.voucher().length;
        for (Multiaddr address : reservation.addresses().stream().limit(MAXIMUM_ADDRESSES).toList()) {
            byte[] bytes = address.toBytes();
            room -= bytes.length + ADDRESS_OVERHEAD;
            if (room >= 0) {
                writer.bytes(ADDRESS, bytes);
            }
        }
        return reservation.voucher().length == 0 ? writer : writer.bytes(VOUCHER, reservation.voucher());
    }
}
