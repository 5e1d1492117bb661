package adit.relay;

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
import java.util.Optional;

/**
 * A message of {@value #DIAL_REQUEST} (libp2p/specs autonat/autonat-v2.md, "RPC Messages"): on a stream a varint length, then
 *
 * <pre>
 * Message { oneof                              DialRequest {                  DialResponse {
 *   1  dialRequest       DialRequest             1  addrs  bytes, repeated      1  status      enum
 *   2  dialResponse      DialResponse            2  nonce  fixed64              2  addrIdx     uint32
 *   3  dialDataRequest   DialDataRequest       }                                3  dialStatus  enum
 *   4  dialDataResponse  DialDataResponse      DialDataRequest {              }
 * }                                              1  addrIdx   uint32          DialDataResponse { 1 data bytes }
 *                                                2  numBytes  uint64
 *                                              }
 * </pre>
 *
 * On {@value #DIAL_BACK} a varint length, then {@code DialBack { 1 nonce fixed64 }}, answered by
 * {@code DialBackResponse { 1 status enum }}, whose only status OK is 0.
 */
sealed interface AutoNatV2Message {
    String DIAL_REQUEST = "/libp2p/autonat/2/dial-request";
    String DIAL_BACK = "/libp2p/autonat/2/dial-back";

    /** Longest message read, bytes; go-libp2p's limit. */
    int MAXIMUM = 8192;

    /** Longest message read of a dial-back, bytes; go-libp2p's limit. */
    int MAXIMUM_DIAL_BACK = 1024;

    /** Addresses of a request that are looked at; go-libp2p's limit. */
    int MAXIMUM_ADDRESSES = 50;

    /** Most data in one {@link DialDataResponse}, bytes; the spec's limit. */
    int MAXIMUM_DATA = 4096;

    /**
     * Asks to dial the first of the addresses that can be dialled.
     *
     * @param addresses the most wanted first; empty ones are of kinds unknown here: the others keep their places
     */
    record DialRequest(List<Optional<Multiaddr>> addresses, long nonce) implements AutoNatV2Message {}

    /**
     * What came of it.
     *
     * @param addressIndex of the request's addresses, the one that was dialled; of any size, as the sender pleases
     */
    record DialResponse(ResponseStatus status, long addressIndex, DialStatus dialStatus) implements AutoNatV2Message {}

    /**
     * Asks for data before an address is dialled that is not the asking peer's own.
     *
     * @param addressIndex as above
     * @param bytes how many; negative for more than any long
     */
    record DialDataRequest(long addressIndex, long bytes) implements AutoNatV2Message {}

    /** So many bytes that mean nothing. */
    record DialDataResponse(int bytes) implements AutoNatV2Message {}

    /** The spec's ResponseStatus. */
    enum ResponseStatus {
        E_INTERNAL_ERROR(0), E_REQUEST_REJECTED(100), E_DIAL_REFUSED(101), OK(200);

        private final int number;

        ResponseStatus(int number) {
            this.number = number;
        }

        private static ResponseStatus numbered(long number) throws MalformedException {
            for (ResponseStatus each : values()) {
                if (each.number == number) {
                    return each;
                }
            }
            throw new MalformedException("autonat: unknown response status " + number);
        }
    }

    /** The spec's DialStatus. */
    enum DialStatus {
        UNUSED(0), E_DIAL_ERROR(100), E_DIAL_BACK_ERROR(101), OK(200);

        private final int number;

        DialStatus(int number) {
            this.number = number;
        }

        private static DialStatus numbered(long number) throws MalformedException {
            for (DialStatus each : values()) {
                if (each.number == number) {
                    return each;
                }
            }
            throw new MalformedException("autonat: unknown dial status " + number);
        }
    }

    // ---- reading

    /** Reads one message; null at a clean end of the stream. */
    static AutoNatV2Message read(InputStream from) throws IOException {
        byte[] bytes = Varint.readLengthPrefixed(from, MAXIMUM);
        return bytes == null ? null : parse(bytes);
    }

    /**
     * What follows the length. Of several the last one counts, as protobuf has it.
     *
     * @throws MalformedException also for a status that is not known: the spec wants such responses discarded
     */
    static AutoNatV2Message parse(byte[] bytes) throws MalformedException {
        AutoNatV2Message message = null;
        ProtobufReader reader = new ProtobufReader(bytes);
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> message = dialRequest(reader.readMessage());
                case 2 -> message = dialResponse(reader.readMessage());
                case 3 -> message = dialDataRequest(reader.readMessage());
                case 4 -> message = dialDataResponse(reader.readMessage());
                default -> { }
            }
        }
        if (message == null) {
            throw new MalformedException("autonat: a message of no known kind");
        }
        return message;
    }

    private static DialRequest dialRequest(ProtobufReader reader) throws MalformedException {
        List<Optional<Multiaddr>> addresses = new ArrayList<>();
        long nonce = 0;
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> {
                    if (addresses.size() < MAXIMUM_ADDRESSES) {
                        addresses.add(known(reader.readBytes()));
                    }
                }
                case 2 -> nonce = reader.readFixed64();
                default -> { }
            }
        }
        return new DialRequest(List.copyOf(addresses), nonce);
    }

    private static Optional<Multiaddr> known(byte[] bytes) {
        try {
            return Optional.of(Multiaddr.fromBytes(bytes));
        } catch (MalformedException otherKind) {
            return Optional.empty();
        }
    }

    private static DialResponse dialResponse(ProtobufReader reader) throws MalformedException {
        ResponseStatus status = ResponseStatus.E_INTERNAL_ERROR;
        long index = 0;
        DialStatus dialStatus = DialStatus.UNUSED;
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> status = ResponseStatus.numbered(reader.readVarint());
                case 2 -> index = reader.readVarint();
                case 3 -> dialStatus = DialStatus.numbered(reader.readVarint());
                default -> { }
            }
        }
        return new DialResponse(status, index, dialStatus);
    }

    private static DialDataRequest dialDataRequest(ProtobufReader reader) throws MalformedException {
        long index = 0;
        long bytes = 0;
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> index = reader.readVarint();
                case 2 -> bytes = reader.readVarint();
                default -> { }
            }
        }
        return new DialDataRequest(index, bytes);
    }

    private static DialDataResponse dialDataResponse(ProtobufReader reader) throws MalformedException {
        int bytes = 0;
        while (reader.next()) {
            if (reader.field() == 1) {
                bytes = reader.readBytes().length;
            }
        }
        return new DialDataResponse(bytes);
    }

    /** The nonce of a DialBack; what follows the length. */
    static long parseDialBack(byte[] bytes) throws MalformedException {
        long nonce = 0;
        ProtobufReader reader = new ProtobufReader(bytes);
        while (reader.next()) {
            if (reader.field() == 1) {
                nonce = reader.readFixed64();
            }
        }
        return nonce;
    }

    // ---- writing

    /** Sends it with its length, in one call to the stream. */
    default void write(OutputStream to) throws IOException {
        Varint.writeLengthPrefixed(to, toBytes());
    }

    /** What follows the length. */
    default byte[] toBytes() {
        ProtobufWriter writer = new ProtobufWriter();
        return (switch (this) {
            case DialRequest request -> {
                ProtobufWriter inner = new ProtobufWriter();
                request.addresses().forEach(address -> inner.bytes(1, address.map(Multiaddr::toBytes).orElse(new byte[0])));
                yield writer.message(1, inner.fixed64(2, request.nonce()));
            }
            case DialResponse response -> writer.message(2, new ProtobufWriter().varint(1, response.status().number)
                    .varint(2, response.addressIndex()).varint(3, response.dialStatus().number));
            case DialDataRequest request -> writer.message(3, new ProtobufWriter().varint(1, request.addressIndex()).varint(2, request.bytes()));
            case DialDataResponse response -> writer.message(4, new ProtobufWriter().bytes(1, new byte[response.bytes()]));
        }).toBytes();
    }

    /** A DialBack; what follows the length. */
    static byte[] dialBack(long nonce) {
        return new ProtobufWriter().fixed64(1, nonce).toBytes();
    }

    /** A DialBackResponse with the status OK, which proto3 does not send: what follows the length is empty. */
    static byte[] dialBackResponse() {
        return new byte[0];
    }
}
