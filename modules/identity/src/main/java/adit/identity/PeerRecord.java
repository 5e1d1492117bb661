package adit.identity;

import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.ProtobufReader;
import adit.multiformats.ProtobufWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The addresses a peer signs for itself (libp2p RFC 0003).
 *
 * @param sequence grows with each record of the peer, unsigned
 * @param addresses those of a kind not known here are left out
 */
public record PeerRecord(PeerId peerId, long sequence, List<Multiaddr> addresses) {
    /** What the signature is for. */
    public static final String DOMAIN = "libp2p-peer-record";

    /** Addresses read from one record; what a peer lists beyond is ignored. */
    public static final int MAXIMUM_ADDRESSES = 128;

    private static final byte[] PAYLOAD_TYPE = {0x03, 0x01};

    /** Copies the list. */
    public PeerRecord {
        addresses = List.copyOf(addresses);
    }

    /**
     * Signs the record.
     *
     * @throws IllegalArgumentException the key is not the peer's
     */
    public SignedEnvelope seal(PrivateKey key) {
        if (!key.peerId().equals(peerId)) {
            throw new IllegalArgumentException("a record of " + peerId + " is not " + key.peerId() + "'s to sign");
        }
        ProtobufWriter writer = new ProtobufWriter().bytes(1, peerId.toBytes()).varint(2, sequence);
        for (Multiaddr address : addresses) {
            writer.message(3, new ProtobufWriter().bytes(1, address.toBytes()));
        }
        return SignedEnvelope.seal(key, DOMAIN, PAYLOAD_TYPE, writer.toBytes());
    }

    /** Reads, verifies, and checks that the signer is the peer the record speaks of. */
    public static PeerRecord open(byte[] envelope) throws MalformedException {
        SignedEnvelope opened = SignedEnvelope.open(envelope, DOMAIN);
        if (!Arrays.equals(opened.payloadType(), PAYLOAD_TYPE)) {
            throw new MalformedException("the signed envelope holds no peer record");
        }
        PeerId peer = null;
        long sequence = 0;
        List<Multiaddr> addresses = new ArrayList<>();
        ProtobufReader reader = new ProtobufReader(opened.payload());
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> peer = PeerId.fromBytes(reader.readBytes());
                case 2 -> sequence = reader.readVarint();
                case 3 -> readAddress(reader.readMessage(), addresses);
                default -> { }
            }
        }
        if (peer == null || !peer.equals(PeerId.of(opened.publicKey()))) {
            throw new MalformedException("the peer record is signed by another peer than it speaks of");
        }
        return new PeerRecord(peer, sequence, addresses);
    }

    private static void readAddress(ProtobufReader reader, List<Multiaddr> into) throws MalformedException {
        while (reader.next()) {
            if (reader.field() == 1 && into.size() < MAXIMUM_ADDRESSES) {
                byte[] bytes = reader.readBytes();
                try {
                    into.add(Multiaddr.fromBytes(bytes));
                } catch (MalformedException e) {
                    // an address of a kind that came after this program
                }
            }
        }
    }
}
