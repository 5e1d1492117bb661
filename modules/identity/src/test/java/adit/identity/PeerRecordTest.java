package adit.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.multiformats.ProtobufWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class PeerRecordTest {
    private static final byte[] TYPE = {3, 1};
    private static final long SEQUENCE = 1570215229;

    private final PrivateKey key = PrivateKey.generate();

    static List<TestKey> keys() throws IOException {
        return TestKey.all();
    }

    private static List<Multiaddr> addresses() throws IOException {
        return List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001"), Multiaddr.parse("/ip6/2001:db8::1/udp/4001/quic-v1"));
    }

    private static ProtobufWriter address(byte[] bytes) {
        return new ProtobufWriter().bytes(1, bytes);
    }

    private byte[] sealed(ProtobufWriter record) {
        return SignedEnvelope.seal(key, PeerRecord.DOMAIN, TYPE, record.toBytes()).toBytes();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aRecordThatGoSignedOpens(TestKey vector) throws IOException {
        PeerRecord record = PeerRecord.open(vector.bytes("envelope"));
        assertEquals(new PeerRecord(PeerId.parse(vector.text("id")), SEQUENCE, addresses()), record);
    }

    @ParameterizedTest
    @EnumSource(names = {"RSA", "ED25519", "SECP256K1"})
    void aRecordIsSignedAsGoDoes(KeyType type) throws IOException {
        TestKey vector = TestKey.of(type);
        PrivateKey signer = PrivateKey.fromProtobuf(vector.bytes("private"));
        assertArrayEquals(vector.bytes("envelope"), new PeerRecord(signer.peerId(), SEQUENCE, addresses()).seal(signer).toBytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    void everySequenceNumberOf64BitsComesBack(long sequence) throws IOException {
        var record = new PeerRecord(key.peerId(), sequence, addresses());
        assertEquals(record, PeerRecord.open(record.seal(key).toBytes()));
    }

    @Test
    void aRecordWithoutAddressesComesBack() throws IOException {
        var record = new PeerRecord(key.peerId(), 1, List.of());
        assertEquals(record, PeerRecord.open(record.seal(key).toBytes()));
    }

    @Test
    void nobodySignsForAnother() throws IOException {
        var record = new PeerRecord(PrivateKey.generate().peerId(), 1, addresses());
        assertThrows(IllegalArgumentException.class, () -> record.seal(key));
        byte[] forged = sealed(new ProtobufWriter().bytes(1, record.peerId().toBytes()).varint(2, 1));
        assertEquals("the peer record is signed by another peer than it speaks of",
                assertThrows(MalformedException.class, () -> PeerRecord.open(forged)).getMessage());
        byte[] nobody = sealed(new ProtobufWriter().varint(2, 1));
        assertThrows(MalformedException.class, () -> PeerRecord.open(nobody));
    }

    @Test
    void addressesNotKnownHereAreLeftOut() throws IOException {
        byte[] record = sealed(new ProtobufWriter().bytes(1, key.peerId().toBytes())
                .message(3, address(new byte[] {(byte) 0x89, 0x06, 0, 0, 0, 0, 0, 0, 0, 4}))
                .message(3, address(addresses().get(0).toBytes()))
                .message(3, address(new byte[0]))
                .message(3, new ProtobufWriter())
                .message(3, new ProtobufWriter().varint(7, 7).bytes(1, addresses().get(1).toBytes()))
                .bytes(9, new byte[3]));
        assertEquals(new PeerRecord(key.peerId(), 0, addresses()), PeerRecord.open(record));
    }

    @Test
    void addressesOverTheLimitAreLeftOut() throws IOException {
        List<Multiaddr> many = new ArrayList<>();
        for (int port = 1; port <= PeerRecord.MAXIMUM_ADDRESSES + 1; port++) {
            many.add(Multiaddr.parse("/ip4/192.0.2.1/tcp/" + port));
        }
        PeerRecord opened = PeerRecord.open(new PeerRecord(key.peerId(), 1, many).seal(key).toBytes());
        assertEquals(many.subList(0, PeerRecord.MAXIMUM_ADDRESSES), opened.addresses());
    }

    @Test
    void envelopesOfOtherThingsAreRefused() {
        byte[] payload = new ProtobufWriter().bytes(1, key.peerId().toBytes()).toBytes();
        byte[] otherType = SignedEnvelope.seal(key, PeerRecord.DOMAIN, new byte[] {3, 2}, payload).toBytes();
        assertEquals("the signed envelope holds no peer record",
                assertThrows(MalformedException.class, () -> PeerRecord.open(otherType)).getMessage());
        byte[] otherDomain = SignedEnvelope.seal(key, "libp2p-relay-rsvp", TYPE, payload).toBytes();
        assertThrows(MalformedException.class, () -> PeerRecord.open(otherDomain));
        byte[] noProtobuf = SignedEnvelope.seal(key, PeerRecord.DOMAIN, TYPE, new byte[] {-1}).toBytes();
        assertThrows(MalformedException.class, () -> PeerRecord.open(noProtobuf));
    }

    @Test
    void aRecordKeepsItsAddresses() throws IOException {
        List<Multiaddr> list = new ArrayList<>(addresses());
        var record = new PeerRecord(key.peerId(), 1, list);
        list.clear();
        assertEquals(addresses(), record.addresses());
        assertThrows(UnsupportedOperationException.class, () -> record.addresses().clear());
    }
}
