package adit.relay;

import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.ProtobufReader;
import adit.multiformats.ProtobufWriter;
import adit.multiformats.Varint;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of DCUtR (libp2p/specs relay/DCUtR.md, "RPC messages"), on the stream behind its length as a varint:
 * {@code HolePunch { 1 type enum; 2 ObsAddrs bytes, repeated }}. Addresses that are not understood are skipped.
 *
 * @param addresses of the sender as others see it; at most {@link #MAXIMUM_ADDRESSES}
 */
record HolePunchMessage(Type type, List<Multiaddr> addresses) {
    /** Longest message, bytes: the specification's limit. */
    static final int MAXIMUM = 4096;

    /** Addresses read and sent: each may mean a dial. */
    static final int MAXIMUM_ADDRESSES = 8;

    private static final int TYPE = 1;
    private static final int ADDRESS = 2;

    /** What a message says. */
    enum Type {
        /** Where the sender is. */
        CONNECT(100),
        /** Dial now. */
        SYNC(300);

        private final int number;

        Type(int number) {
            this.number = number;
        }
    }

    /** Keeps the first addresses. */
    HolePunchMessage {
        addresses = addresses.stream().limit(MAXIMUM_ADDRESSES).toList();
    }

    /**
     * Reads one message that must be of that type. Blocks; the caller sets the deadline.
     *
     * @throws MalformedException it is too long, or another message
     * @throws EOFException the stream ended before it
     */
    static HolePunchMessage read(Type expected, InputStream from) throws IOException {
        byte[] bytes = Varint.readLengthPrefixed(from, MAXIMUM);
        if (bytes == null) {
            throw new EOFException("the stream of the hole punch ended before " + expected);
        }
        HolePunchMessage message = parse(bytes);
        if (message.type() != expected) {
            throw new MalformedException("the hole punch has " + message.type() + " where " + expected + " is due");
        }
        return message;
    }

    /** Reads what follows the length. */
    static HolePunchMessage parse(byte[] bytes) throws MalformedException {
        Type type = null;
        List<Multiaddr> addresses = new ArrayList<>();
        ProtobufReader reader = new ProtobufReader(bytes);
        while (reader.next()) {
            if (reader.field() == TYPE) {
                type = type(reader.readVarint());
            } else if (reader.field() == ADDRESS && addresses.size() < MAXIMUM_ADDRESSES) {
                add(reader.readBytes(), addresses);
            }
        }
        if (type == null) {
            throw new MalformedException("a message of the hole punch without a type");
        }
        return new HolePunchMessage(type, addresses);
    }

    private static Type type(long number) throws MalformedException {
        for (Type type : Type.values()) {
            if (type.number == number) {
                return type;
            }
        }
        throw new MalformedException("a message of the hole punch has no type " + number);
    }

    private static void add(byte[] bytes, List<Multiaddr> addresses) {
        try {
            addresses.add(Multiaddr.fromBytes(bytes));
        } catch (MalformedException unknownKind) {
            // a transport that is not spoken here: the other addresses are worth a dial
        }
    }

    /** Sends it with its length, in one call to the stream. */
    void write(OutputStream to) throws IOException {
        Varint.writeLengthPrefixed(to, toBytes());
    }

    /** What follows the length. */
    byte[] toBytes() {
        ProtobufWriter writer = new ProtobufWriter().varint(TYPE, type.number);
        addresses.forEach(address -> writer.bytes(ADDRESS, address.toBytes()));
        return writer.toBytes();
    }
}
