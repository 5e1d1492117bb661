package adit.relay;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.identity.SignedEnvelope;
import adit.multiformats.MalformedException;
import adit.multiformats.ProtobufReader;
import adit.multiformats.ProtobufWriter;
import java.time.Instant;
import java.util.Arrays;

/**
 * A relay's signed word that it serves a peer (libp2p/specs relay/circuit-v2.md, "Reservation Vouchers"): 1 relay bytes, 2 peer
 * bytes, 3 expiration uint64, in a signed envelope.
 *
 * @param relay who signs
 * @param peer who may be reached through it
 * @param expiration whole seconds; further away than time is counted here means the end of time
 */
record ReservationVoucher(PeerId relay, PeerId peer, Instant expiration) {
    /** What the signature is for. */
    static final String DOMAIN = "libp2p-relay-rsvp";

    private static final byte[] PAYLOAD_TYPE = {0x03, 0x02};

    /** Cuts the expiration to whole seconds. */
    ReservationVoucher {
        expiration = Instant.ofEpochSecond(expiration.getEpochSecond());
    }

    /** Signs; the key must be the relay's. */
    SignedEnvelope seal(PrivateKey key) {
        if (!key.peerId().equals(relay)) {
            throw new IllegalArgumentException("a voucher of " + relay + " is not " + key.peerId() + "'s to sign");
        }
        byte[] payload = new ProtobufWriter().bytes(1, relay.toBytes()).bytes(2, peer.toBytes()).varint(3, expiration.getEpochSecond()).toBytes();
        return SignedEnvelope.seal(key, DOMAIN, PAYLOAD_TYPE, payload);
    }

    /**
     * Reads, verifies, and checks that the signer is the relay it names; whether relay and peer are those expected is for the
     * caller to look at.
     */
    static ReservationVoucher open(byte[] envelope) throws MalformedException {
        SignedEnvelope opened = SignedEnvelope.open(envelope, DOMAIN);
        if (!Arrays.equals(opened.payloadType(), PAYLOAD_TYPE)) {
            throw new MalformedException("the signed envelope holds no reservation voucher");
        }
        PeerId relay = null;
        PeerId peer = null;
        Instant expiration = Instant.EPOCH;
        ProtobufReader reader = new ProtobufReader(opened.payload());
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> relay = PeerId.fromBytes(reader.readBytes());
                case 2 -> peer = PeerId.fromBytes(reader.readBytes());
                case 3 -> expiration = CircuitMessage.instant(reader.readVarint());
                default -> { }
            }
        }
        if (peer == null || relay == null || !relay.equals(PeerId.of(opened.publicKey()))) {
            throw new MalformedException("the reservation voucher is signed by another peer than the relay it names, or names no peer");
        }
        return new ReservationVoucher(relay, peer, expiration);
    }
}
