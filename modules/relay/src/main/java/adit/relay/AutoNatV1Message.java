package adit.relay;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.ProtobufReader;
import adit.multiformats.ProtobufWriter;
import adit.multiformats.Varint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of {@value #PROTOCOL} (libp2p/specs autonat/autonat-v1.md, "RPC messages"): on a stream a varint length, then
 *
 * <pre>
 * Message {                        Dial { 1 peer PeerInfo }        DialResponse {
 *   1  type          enum                                            1  status      enum
 *   2  dial          Dial          PeerInfo {                        2  statusText  string
 *   3  dialResponse  DialResponse    1  id     bytes                 3  addr        bytes
 * }                                  2  addrs  bytes, repeated     }
 *                                  }
 * </pre>
 */
sealed interface AutoNatV1Message {
    String PROTOCOL = "/libp2p/autonat/1.0.0";

    /** Longest message read, bytes; go-libp2p's limit. */
    int MAXIMUM = 4096;

    /** Addresses read; the rest are left out. */
    int MAXIMUM_ADDRESSES = 64;

    /** Characters kept of a text for people. */
    int MAXIMUM_TEXT = 128;

    /**
     * Asks to be dialled.
     *
     * @param peer who is to be dialled; null when the message does not say
     * @param addresses of kinds that are known here
     */
    record Dial(PeerId peer, List<Multiaddr> addresses) implements AutoNatV1Message {}

    /**
     * What came of it.
     *
     * @param text for people, printable; "" when there is none
     * @param address that was dialled successfully; null when it is not told
     */
    record DialResponse(Status status, String text, Multiaddr address) implements AutoNatV1Message {}

    /** The spec's ResponseStatus. */
    enum Status {
        OK(0), E_DIAL_ERROR(100), E_DIAL_REFUSED(101), E_BAD_REQUEST(200), E_INTERNAL_ERROR(300);

        private final int number;

        Status(int number) {
            this.number = number;
        }

        private static Status numbered(long number) throws MalformedException {
            for (Status each : values()) {
                if (each.number == number) {
                    return each;
                }
            }
            throw new MalformedException("autonat: unknown response status " + number);
        }
    }

    // ---- reading

    /** Reads one message; null at a clean end of the stream. */
    static AutoNatV1Message read(InputStream from) throws IOException {
        byte[] bytes = Varint.readLengthPrefixed(from, MAXIMUM);
        return bytes == null ? null : parse(bytes);
    }

    /** What follows the length. */
    static AutoNatV1Message parse(byte[] bytes) throws MalformedException {
        long type = 0;
        Dial dial = null;
        DialResponse response = null;
        ProtobufReader reader = new ProtobufReader(bytes);
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> type = reader.readVarint();
                case 2 -> dial = dial(reader.readMessage());
                case 3 -> response = response(reader.readMessage());
                default -> { }
            }
        }
        AutoNatV1Message message = type == 0 ? dial : type == 1 ? response : null;
        if (message == null) {
            throw new MalformedException("autonat: type " + type + " without its content");
        }
        return message;
    }

    private static Dial dial(ProtobufReader reader) throws MalformedException {
        Dial dial = null;
        while (reader.next()) {
            if (reader.field() == 1) {
                dial = peerInfo(reader.readMessage());
            }
        }
        if (dial == null) {
            throw new MalformedException("autonat: no peer info");
        }
        return dial;
    }

    private static Dial peerInfo(ProtobufReader reader) throws MalformedException {
        PeerId peer = null;
        List<Multiaddr> addresses = new ArrayList<>();
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> peer = PeerId.fromBytes(reader.readBytes());
                case 2 -> {
                    Multiaddr address = known(reader.readBytes());
                    if (address != null && addresses.size() < MAXIMUM_ADDRESSES) {
                        addresses.add(address);
                    }
                }
                default -> { }
            }
        }
        return new Dial(peer, List.copyOf(addresses));
    }

    private static DialResponse response(ProtobufReader reader) throws MalformedException {
        Status status = Status.OK;
        String text = "";
        Multiaddr address = null;
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> status = Status.numbered(reader.readVarint());
                case 2 -> text = printable(reader.readString());
                case 3 -> address = known(reader.readBytes());
                default -> { }
            }
        }
        return new DialResponse(status, text, address);
    }

    /** Null for one of a kind unknown here. */
    private static Multiaddr known(byte[] bytes) {
        try {
            return Multiaddr.fromBytes(bytes);
        } catch (MalformedException otherKind) {
            return null;
        }
    }

    /** Shown on terminals: no escape sequence of a stranger may get there. */
    private static String printable(String text) {
        return text.substring(0, Math.min(text.length(), MAXIMUM_TEXT)).replaceAll("\\p{C}", "?");
    }

    // ---- writing

    /** Sends it with its length, in one call to the stream. */
    default void write(OutputStream to) throws IOException {
        Varint.writeLengthPrefixed(to, toBytes());
    }

    /** What follows the length. */
    default byte[] toBytes() {
        return switch (this) {
            case Dial dial -> {
                ProtobufWriter peer = new ProtobufWriter();
                if (dial.peer() != null) {
                    peer.bytes(1, dial.peer().toBytes());
                }
                dial.addresses().forEach(address -> peer.bytes(2, address.toBytes()));
                yield new ProtobufWriter().varint(1, 0).message(2, new ProtobufWriter().message(1, peer)).toBytes();
            }
            case DialResponse response -> {
                ProtobufWriter writer = new ProtobufWriter().varint(1, response.status().number);
                if (!response.text().isEmpty()) {
                    writer.string(2, response.text());
                }
                if (response.address() != null) {
                    writer.bytes(3, response.address().toBytes());
                }
                yield new ProtobufWriter().varint(1, 1).message(3, writer).toBytes();
            }
        };
    }
}
