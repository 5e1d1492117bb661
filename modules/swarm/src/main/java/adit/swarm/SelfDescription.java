package adit.swarm;

import adit.identity.PeerRecord;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.transport.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** What identify tells of this node. The monitor guards the newest snapshot. */
final class SelfDescription {
    /** The protocol family; every libp2p node of IPFS says so. */
    static final String PROTOCOL_VERSION = "ipfs/0.1.0";

    /** Room for addresses in the first part of a message. */
    private static final int MAXIMUM_ADDRESS_BYTES = IdentifyMessage.MAXIMUM_OWN_PART / 2;

    /** State of the things that change; a greater sequence is a newer state. Which protocols are told depends on the peer. */
    record Snapshot(long sequence, long revision, List<Multiaddr> addresses, byte[] signedPeerRecord) {}

    private final PrivateKey identity;
    private final byte[] publicKey;
    private final String agentVersion;
    private final StreamHandlers handlers;
    private final Supplier<List<Multiaddr>> addresses;
    private Snapshot newest;

    /**
     * @param handlers of the protocols that may be told
     * @param addresses announced
     */
    SelfDescription(PrivateKey identity, String agentVersion, StreamHandlers handlers, Supplier<List<Multiaddr>> addresses) {
        this.identity = identity;
        this.publicKey = identity.publicKey().toProtobuf();
        this.agentVersion = agentVersion;
        this.handlers = handlers;
        this.addresses = addresses;
    }

    /** The present state; the same object while nothing changes. */
    synchronized Snapshot current() {
        long told = handlers.revision();
        List<Multiaddr> announced = bounded(addresses.get());
        boolean sameAddresses = newest != null && newest.addresses().equals(announced);
        if (!sameAddresses || newest.revision() != told) {
            long sequence = newest == null ? 1 : newest.sequence() + 1;
            newest = new Snapshot(sequence, told, announced, sameAddresses ? newest.signedPeerRecord() : signed(announced));
        }
        return newest;
    }

    private byte[] signed(List<Multiaddr> announced) {
        // RFC 0003 wants a number that grows across restarts; nanoseconds since 1970 is what go-libp2p takes
        Instant now = Instant.now();
        long sequence = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        return new PeerRecord(identity.peerId(), sequence, announced).seal(identity).toBytes();
    }

    /** A machine may have hundreds of interfaces: those that more can reach come first. */
    private static List<Multiaddr> bounded(List<Multiaddr> announced) {
        List<Multiaddr> ranked = new ArrayList<>(announced);
        ranked.sort(Comparator.comparing(address -> AddressScope.of(address).orElse(AddressScope.PUBLIC), Comparator.reverseOrder()));
        int bytes = 0;
        for (int i = 0; i < ranked.size(); i++) {
            bytes += ranked.get(i).toBytes().length + 2;
            if (bytes > MAXIMUM_ADDRESS_BYTES) {
                return List.copyOf(ranked.subList(0, i));
            }
        }
        return List.copyOf(ranked);
    }

    /** The message for the remote peer of that connection: our loopback addresses mean something else to one that is elsewhere. */
    IdentifyMessage message(Snapshot snapshot, Connection connection) {
        boolean here = AddressScope.of(connection.remoteAddress()).orElse(AddressScope.PUBLIC) == AddressScope.LOOPBACK;
        List<Multiaddr> told = here ? snapshot.addresses()
                : snapshot.addresses().stream().filter(address -> AddressScope.of(address).orElse(null) != AddressScope.LOOPBACK).toList();
        return new IdentifyMessage(PROTOCOL_VERSION, agentVersion, publicKey, told, connection.remoteAddress(),
                handlers.advertised(connection.remotePeer()), snapshot.signedPeerRecord());
    }
}
