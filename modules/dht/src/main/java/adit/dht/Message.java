package adit.dht;

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
 * A request or an answer (libp2p/specs kad-dht, "RPC messages"): on a stream a varint length, then
 *
 * <pre>
 * Message {                          Record {                    Peer {
 *   1  type           enum             1  key          bytes       1  id          bytes
 *   2  key            bytes            2  value        bytes       2  addrs       bytes, repeated
 *   3  record         Record           5  timeReceived string      3  connection  enum
 *   8  closerPeers    Peer, repeated }                           }
 *   9  providerPeers  Peer, repeated
 *  10  clusterLevel   int32, unused
 * }
 * </pre>
 *
 * Peers beyond the maximum, ids that are none and addresses that are not understood are left out: one bad entry must not
 * cost the others, and a long list is only a way to make the reader work.
 *
 * @param key a record's key, a content's multihash or a peer id's bytes; empty when not told
 * @param record null when there is none
 */
record Message(MessageType type, byte[] key, ValueRecord record, List<KnownPeer> closerPeers, List<KnownPeer> providerPeers) {
    /** Longest request read, bytes: a record of 10 kB and room. */
    static final int MAXIMUM_REQUEST = 64 * 1024;

    /** Longest answer read, bytes: 20 peers and some hundred providers with their addresses. */
    static final int MAXIMUM_ANSWER = 512 * 1024;

    /** Longest answer written, bytes. */
    static final int MAXIMUM_OWN_ANSWER = 256 * 1024;

    /** Longest key, bytes: a record's is "/ipns/" and a peer id. */
    static final int MAXIMUM_KEY = 256;

    /** Closer peers read: twice what an honest peer sends. */
    static final int MAXIMUM_CLOSER = 40;

    /** Providers read. */
    static final int MAXIMUM_PROVIDERS = 256;

    /** Addresses read of one peer. */
    static final int MAXIMUM_ADDRESSES = 16;

    private static final int TYPE = 1;
    private static final int KEY = 2;
    private static final int RECORD = 3;
    private static final int CLOSER_PEERS = 8;
    private static final int PROVIDER_PEERS = 9;
    private static final int RECORD_KEY = 1;
    private static final int RECORD_VALUE = 2;
    private static final int RECORD_TIME_RECEIVED = 5;
    private static final int PEER_ID = 1;
    private static final int PEER_ADDRESS = 2;
    private static final byte[] NONE = new byte[0];

    /** Asks for the peers nearest to a peer's or any other id. */
    static Message findNode(byte[] id) {
        return new Message(MessageType.FIND_NODE, id, null, List.of(), List.of());
    }

    /** A request that is nothing but its key. */
    static Message of(MessageType type, byte[] key) {
        return new Message(type, key, null, List.of(), List.of());
    }

    // ---- reading

    /**
     * Reads one message.
     *
     * @param limit longest message accepted, bytes; checked before anything is allocated
     * @return null at a clean end of the stream
     */
    static Message read(InputStream from, int limit) throws IOException {
        byte[] bytes = Varint.readLengthPrefixed(from, limit);
        return bytes == null ? null : parse(bytes);
    }

    /** Reads what follows the length. */
    static Message parse(byte[] bytes) throws MalformedException {
        // proto3: what is zero is not sent, and type 0 is PUT_VALUE
        MessageType type = MessageType.PUT_VALUE;
        byte[] key = NONE;
        ValueRecord record = null;
        List<KnownPeer> closer = new ArrayList<>();
        List<KnownPeer> providers = new ArrayList<>();
        ProtobufReader reader = new ProtobufReader(bytes);
        while (reader.next()) {
            switch (reader.field()) {
                case TYPE -> type = MessageType.numbered(reader.readVarint());
                case KEY -> key = boundedKey(reader.readBytes());
                case RECORD -> record = parseRecord(reader.readMessage());
                case CLOSER_PEERS -> addPeer(reader.readMessage(), closer, MAXIMUM_CLOSER);
                case PROVIDER_PEERS -> addPeer(reader.readMessage(), providers, MAXIMUM_PROVIDERS);
                default -> { }
            }
        }
        return new Message(type, key, record, List.copyOf(closer), List.copyOf(providers));
    }

    private static byte[] boundedKey(byte[] key) throws MalformedException {
        if (key.length > MAXIMUM_KEY) {
            throw new MalformedException("key of " + key.length + " bytes is over the limit of " + MAXIMUM_KEY);
        }
        return key;
    }

    private static ValueRecord parseRecord(ProtobufReader reader) throws MalformedException {
        byte[] key = NONE;
        byte[] value = NONE;
        String timeReceived = "";
        while (reader.next()) {
            switch (reader.field()) {
                case RECORD_KEY -> key = boundedKey(reader.readBytes());
                case RECORD_VALUE -> value = reader.readBytes();
                case RECORD_TIME_RECEIVED -> timeReceived = reader.readString();
                default -> { }
            }
        }
        return new ValueRecord(key, value, timeReceived);
    }

    private static void addPeer(ProtobufReader reader, List<KnownPeer> peers, int maximum) throws MalformedException {
        if (peers.size() >= maximum) {
            return;
        }
        PeerId id = null;
        List<Multiaddr> addresses = new ArrayList<>();
        while (reader.next()) {
            switch (reader.field()) {
                case PEER_ID -> id = peerId(reader.readBytes());
                case PEER_ADDRESS -> addAddress(reader.readBytes(), addresses);
                default -> { }
            }
        }
        if (id != null) {
            peers.add(new KnownPeer(id, addresses));
        }
    }

    private static PeerId peerId(byte[] bytes) {
        try {
            return PeerId.fromBytes(bytes);
        } catch (MalformedException unknownKind) {
            return null;
        }
    }

    private static void addAddress(byte[] bytes, List<Multiaddr> addresses) {
        if (addresses.size() >= MAXIMUM_ADDRESSES || bytes.length == 0) {
            return;
        }
        try {
            Multiaddr.fromBytes(bytes).withoutTrailingPeerId().ifPresent(addresses::add);
        } catch (MalformedException unknownKind) {
            // a transport of the future: the peer's other addresses are worth reading
        }
    }

    // ---- writing

    /** Sends it with its length, in one call to the stream. */
    void write(OutputStream to) throws IOException {
        Varint.writeLengthPrefixed(to, toBytes());
    }

    /** What follows the length. */
    byte[] toBytes() {
        ProtobufWriter writer = new ProtobufWriter().varint(TYPE, type.ordinal());
        if (key.length > 0) {
            writer.bytes(KEY, key);
        }
        if (record != null) {
            writer.message(RECORD, recordBytes(record));
        }
        closerPeers.forEach(peer -> writer.bytes(CLOSER_PEERS, peerBytes(peer)));
        providerPeers.forEach(peer -> writer.bytes(PROVIDER_PEERS, peerBytes(peer)));
        return writer.toBytes();
    }

    private static ProtobufWriter recordBytes(ValueRecord record) {
        ProtobufWriter writer = new ProtobufWriter().bytes(RECORD_KEY, record.key()).bytes(RECORD_VALUE, record.value());
        return record.timeReceived().isEmpty() ? writer : writer.string(RECORD_TIME_RECEIVED, record.timeReceived());
    }

    /** How the sender is connected is left out: nobody reads it, and it would tell strangers whom this node talks to. */
    static byte[] peerBytes(KnownPeer peer) {
        ProtobufWriter writer = new ProtobufWriter().bytes(PEER_ID, peer.id().toBytes());
        peer.addresses().stream().limit(MAXIMUM_ADDRESSES).forEach(address -> writer.bytes(PEER_ADDRESS, address.toBytes()));
        return writer.toBytes();
    }
}
