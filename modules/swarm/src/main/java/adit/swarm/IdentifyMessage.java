package adit.swarm;

import adit.identity.PeerRecord;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.ProtobufReader;
import adit.multiformats.ProtobufWriter;
import adit.multiformats.Varint;
import adit.transport.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The message of identify (libp2p specs, identify/README.md). On the wire it is one or several protobuf messages, each behind its
 * length, whose fields add up, since readers take no more than so many bytes at once:
 * <pre>
 * 1 publicKey  2 listenAddrs*  3 protocols*  4 observedAddr  5 protocolVersion  6 agentVersion  8 signedPeerRecord
 * </pre>
 *
 * @param protocolVersion null when not told, as are all that follow
 * @param publicKey the peer's key as protobuf
 * @param listenAddresses empty when not told
 * @param observedAddress the reader's address as the writer sees it
 * @param protocols empty when not told
 * @param signedPeerRecord a sealed {@link PeerRecord}
 */
record IdentifyMessage(String protocolVersion, String agentVersion, byte[] publicKey, List<Multiaddr> listenAddresses,
        Multiaddr observedAddress, List<String> protocols, byte[] signedPeerRecord) {

    /** Most bytes read of one part; go-libp2p's limit. */
    static final int MAXIMUM_PART = 8 * 1024;

    /** Most bytes written in one part: rust-libp2p reads no more. */
    static final int MAXIMUM_OWN_PART = 4 * 1024;

    /** Most parts, read and written; go-libp2p's limit. */
    static final int MAXIMUM_PARTS = 10;

    /** Bounds of what is kept of a peer for as long as it is connected. */
    static final int MAXIMUM_PROTOCOLS = 1024;
    static final int MAXIMUM_PROTOCOL_BYTES = 16 * 1024;
    static final int MAXIMUM_ADDRESSES = 32;
    static final int MAXIMUM_VERSION = 128;

    private static final int PUBLIC_KEY = 1;
    private static final int LISTEN_ADDRESSES = 2;
    private static final int PROTOCOLS = 3;
    private static final int OBSERVED_ADDRESS = 4;
    private static final int PROTOCOL_VERSION = 5;
    private static final int AGENT_VERSION = 6;
    private static final int SIGNED_PEER_RECORD = 8;

    /** Small enough for every reader to take the signed record along in one part; go-libp2p's limit. */
    private static final int UNDIVIDED = 2 * 1024;
    private static final int FIELD_OVERHEAD = 4;

    // ---- reading

    /**
     * Reads parts up to the end of the stream.
     *
     * @throws MalformedException a part is too long, there are too many, or one is no such message
     */
    static IdentifyMessage read(InputStream in) throws IOException {
        IdentifyMessage whole = null;
        for (int parts = 0; parts <= MAXIMUM_PARTS; parts++) {
            byte[] part = Varint.readLengthPrefixed(in, MAXIMUM_PART);
            if (part == null) {
                if (whole == null) {
                    throw new MalformedException("identify: the stream ended without a message");
                }
                return whole;
            }
            whole = whole == null ? parse(part) : whole.and(parse(part));
        }
        throw new MalformedException("identify: more than " + MAXIMUM_PARTS + " parts");
    }

    /** One part. Addresses of kinds unknown here are left out, as is what goes beyond the bounds. */
    static IdentifyMessage parse(byte[] part) throws MalformedException {
        String protocolVersion = null;
        String agentVersion = null;
        byte[] publicKey = null;
        Multiaddr observedAddress = null;
        byte[] signedPeerRecord = null;
        List<Multiaddr> addresses = new ArrayList<>();
        List<String> protocols = new ArrayList<>();
        ProtobufReader reader = new ProtobufReader(part);
        while (reader.next()) {
            switch (reader.field()) {
                case PUBLIC_KEY -> publicKey = reader.readBytes();
                case LISTEN_ADDRESSES -> addresses.addAll(known(reader.readBytes()));
                case PROTOCOLS -> protocols.add(reader.readString());
                case OBSERVED_ADDRESS -> observedAddress = known(reader.readBytes()).stream().findFirst().orElse(null);
                case PROTOCOL_VERSION -> protocolVersion = clipped(reader.readString());
                case AGENT_VERSION -> agentVersion = clipped(reader.readString());
                case SIGNED_PEER_RECORD -> signedPeerRecord = reader.readBytes();
                default -> { }
            }
        }
        return new IdentifyMessage(protocolVersion, agentVersion, publicKey, addresses, observedAddress, protocols, signedPeerRecord)
                .bounded();
    }

    private static List<Multiaddr> known(byte[] address) {
        try {
            return List.of(Multiaddr.fromBytes(address));
        } catch (MalformedException e) {
            return List.of();
        }
    }

    private static String clipped(String version) {
        return printable(version.length() > MAXIMUM_VERSION ? version.substring(0, MAXIMUM_VERSION) : version);
    }

    /** Shown on terminals: no escape sequence of a stranger may get there. */
    private static String printable(String text) {
        return text.replaceAll("\\p{C}", "?");
    }

    private IdentifyMessage bounded() {
        Set<String> kept = new LinkedHashSet<>();
        int bytes = 0;
        for (String protocol : protocols) {
            boolean fits = kept.size() < MAXIMUM_PROTOCOLS && bytes + protocol.length() <= MAXIMUM_PROTOCOL_BYTES;
            if (fits && protocol.equals(printable(protocol)) && kept.add(protocol)) {
                bytes += protocol.length();
            }
        }
        List<Multiaddr> addresses = listenAddresses.stream().distinct().limit(MAXIMUM_ADDRESSES).toList();
        return with(addresses, List.copyOf(kept));
    }

    /** Protobuf's merge: a later single value replaces, repeated ones add up. */
    private IdentifyMessage and(IdentifyMessage later) {
        List<Multiaddr> addresses = new ArrayList<>(listenAddresses);
        addresses.addAll(later.listenAddresses);
        List<String> allProtocols = new ArrayList<>(protocols);
        allProtocols.addAll(later.protocols);
        return later.over(this).with(addresses, allProtocols).bounded();
    }

    /** This message where it tells something, else the older one: "missing fields should be ignored". */
    IdentifyMessage over(IdentifyMessage older) {
        return new IdentifyMessage(or(protocolVersion, older.protocolVersion), or(agentVersion, older.agentVersion),
                or(publicKey, older.publicKey), listenAddresses.isEmpty() ? older.listenAddresses : listenAddresses,
                or(observedAddress, older.observedAddress), protocols.isEmpty() ? older.protocols : protocols,
                or(signedPeerRecord, older.signedPeerRecord));
    }

    private static <T> T or(T first, T second) {
        return first != null ? first : second;
    }

    IdentifyMessage with(List<Multiaddr> addresses, List<String> otherProtocols) {
        return new IdentifyMessage(protocolVersion, agentVersion, publicKey, addresses, observedAddress, otherProtocols, signedPeerRecord);
    }

    /**
     * What it means on that connection. Addresses that the peer has signed for itself count before those it just tells; a
     * record that somebody else signed, or for somebody else, counts for nothing.
     */
    IdentifiedPeer identifiedPeer(Connection connection) {
        List<Multiaddr> addresses = listenAddresses;
        if (signedPeerRecord != null) {
            try {
                PeerRecord record = PeerRecord.open(signedPeerRecord);
                if (record.peerId().equals(connection.remotePeer())) {
                    addresses = record.addresses().stream().distinct().limit(MAXIMUM_ADDRESSES).toList();
                }
            } catch (MalformedException e) {
                // not signed, then
            }
        }
        List<Multiaddr> bare = addresses.stream().flatMap(address -> address.withoutTrailingPeerId().stream()).toList();
        return new IdentifiedPeer(connection.remotePeer(), connection.remoteKey(), or(protocolVersion, ""), or(agentVersion, ""),
                Set.copyOf(protocols), bare, observedAddress);
    }

    // ---- writing

    /**
     * The parts to write in order. Protocols beyond the last part are left out; the signed record has a part of its own
     * unless all is small.
     */
    List<byte[]> encode() {
        List<ProtobufWriter> parts = new ArrayList<>();
        ProtobufWriter part = new ProtobufWriter();
        int room = MAXIMUM_OWN_PART - encodeFirst(part);
        parts.add(part);
        for (String protocol : protocols) {
            int bytes = protocol.getBytes(StandardCharsets.UTF_8).length + FIELD_OVERHEAD;
            if (bytes > room && parts.size() == MAXIMUM_PARTS - 1) {
                break;
            }
            if (bytes > room) {
                part = new ProtobufWriter();
                parts.add(part);
                room = MAXIMUM_OWN_PART;
            }
            part.string(PROTOCOLS, protocol);
            room -= bytes;
        }
        if (signedPeerRecord != null) {
            boolean together = parts.size() == 1 && part.toBytes().length + signedPeerRecord.length <= UNDIVIDED;
            if (!together) {
                part = new ProtobufWriter();
                parts.add(part);
            }
            part.bytes(SIGNED_PEER_RECORD, signedPeerRecord);
        }
        return parts.stream().map(ProtobufWriter::toBytes).toList();
    }

    /** All but protocols and record; returns its length in bytes. */
    private int encodeFirst(ProtobufWriter writer) {
        if (publicKey != null) {
            writer.bytes(PUBLIC_KEY, publicKey);
        }
        listenAddresses.forEach(address -> writer.bytes(LISTEN_ADDRESSES, address.toBytes()));
        if (observedAddress != null) {
            writer.bytes(OBSERVED_ADDRESS, observedAddress.toBytes());
        }
        if (protocolVersion != null) {
            writer.string(PROTOCOL_VERSION, protocolVersion);
        }
        if (agentVersion != null) {
            writer.string(AGENT_VERSION, agentVersion);
        }
        return writer.toBytes().length;
    }
}
