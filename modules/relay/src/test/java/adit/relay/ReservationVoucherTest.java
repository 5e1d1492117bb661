package adit.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.identity.SignedEnvelope;
import adit.multiformats.MalformedException;
import adit.multiformats.ProtobufWriter;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReservationVoucherTest {
    private static final byte[] TYPE = {3, 2};

    private final PrivateKey relay = PrivateKey.generate();
    private final PeerId peer = PrivateKey.generate().peerId();
    private final ReservationVoucher voucher = new ReservationVoucher(relay.peerId(), peer, Instant.ofEpochSecond(1_800_000_000));

    private byte[] payload() {
        return new ProtobufWriter().bytes(1, relay.peerId().toBytes()).bytes(2, peer.toBytes()).varint(3, 1_800_000_000).toBytes();
    }

    private static void assertRefused(byte[] envelope) {
        assertThrows(MalformedException.class, () -> ReservationVoucher.open(envelope));
    }

    @Test void whatIsSealedOpens() throws Exception {
        assertEquals(voucher, ReservationVoucher.open(voucher.seal(relay).toBytes()));
    }

    @Test void theBytesAreThoseOfTheSpecification() throws Exception {
        SignedEnvelope envelope = SignedEnvelope.open(voucher.seal(relay).toBytes(), "libp2p-relay-rsvp");
        assertArrayEquals(TYPE, envelope.payloadType());
        assertArrayEquals(payload(), envelope.payload());
    }

    @Test void nobodySignsForAnotherRelay() {
        PrivateKey other = PrivateKey.generate();
        assertThrows(IllegalArgumentException.class, () -> voucher.seal(other));
        assertRefused(SignedEnvelope.seal(other, ReservationVoucher.DOMAIN, TYPE, payload()).toBytes());
    }

    @Test void otherDomainsTypesAndContentsAreRefused() {
        assertRefused(SignedEnvelope.seal(relay, "libp2p-peer-record", TYPE, payload()).toBytes());
        assertRefused(SignedEnvelope.seal(relay, ReservationVoucher.DOMAIN, new byte[] {3, 1}, payload()).toBytes());
        byte[] withoutPeer = new ProtobufWriter().bytes(1, relay.peerId().toBytes()).varint(3, 5).toBytes();
        assertRefused(SignedEnvelope.seal(relay, ReservationVoucher.DOMAIN, TYPE, withoutPeer).toBytes());
        assertRefused(SignedEnvelope.seal(relay, ReservationVoucher.DOMAIN, TYPE, new byte[0]).toBytes());
        assertRefused(new byte[0]);
    }
}
