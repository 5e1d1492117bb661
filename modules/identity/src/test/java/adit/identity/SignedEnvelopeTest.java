package adit.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import adit.multiformats.MalformedException;
import adit.multiformats.ProtobufWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
final class SignedEnvelopeTest {
    private static final byte[] TYPE = {3, 1};
    private static final byte[] PAYLOAD = {1, 2, 3};

    static List<TestKey> keys() throws IOException {
        return TestKey.all();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void anEnvelopeThatGoSealedOpens(TestKey vector) throws IOException {
        SignedEnvelope envelope = SignedEnvelope.open(vector.bytes("envelope"), PeerRecord.DOMAIN);
        assertEquals(PublicKey.fromProtobuf(vector.bytes("public")), envelope.publicKey());
        assertArrayEquals(TYPE, envelope.payloadType());
        assertArrayEquals(vector.bytes("envelope"), envelope.toBytes());
    }

    @ParameterizedTest
    @EnumSource(names = {"RSA", "ED25519", "SECP256K1"})
    void anEnvelopeIsSealedAsGoDoes(KeyType type) throws IOException {
        TestKey vector = TestKey.of(type);
        SignedEnvelope theirs = SignedEnvelope.open(vector.bytes("envelope"), PeerRecord.DOMAIN);
        PrivateKey key = PrivateKey.fromProtobuf(vector.bytes("private"));
        assertArrayEquals(vector.bytes("envelope"), SignedEnvelope.seal(key, PeerRecord.DOMAIN, TYPE, theirs.payload()).toBytes());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aSealedEnvelopeOpensInItsDomainOnly(TestKey vector) throws IOException {
        PrivateKey key = PrivateKey.fromProtobuf(vector.bytes("private"));
        byte[] bytes = SignedEnvelope.seal(key, "a domain", TYPE, PAYLOAD).toBytes();
        SignedEnvelope opened = SignedEnvelope.open(bytes, "a domain");
        assertEquals(key.publicKey(), opened.publicKey());
        assertArrayEquals(PAYLOAD, opened.payload());
        assertThrows(MalformedException.class, () -> SignedEnvelope.open(bytes, "another domain"));
        assertThrows(MalformedException.class, () -> SignedEnvelope.open(bytes, ""));
    }

    @Test
    void theSignatureCoversTypePayloadAndTheirLengths() throws IOException {
        PrivateKey key = PrivateKey.generate();
        SignedEnvelope sealed = SignedEnvelope.seal(key, "d", TYPE, PAYLOAD);
        assertThrows(MalformedException.class, () -> open(key.publicKey(), new byte[] {3}, new byte[] {1, 1, 2, 3}, sealed.signature()));
        assertThrows(MalformedException.class, () -> open(key.publicKey(), TYPE, new byte[] {1, 2}, sealed.signature()));
        assertThrows(MalformedException.class, () -> open(key.publicKey(), TYPE, PAYLOAD, new byte[0]));
        assertThrows(MalformedException.class, () -> open(PrivateKey.generate().publicKey(), TYPE, PAYLOAD, sealed.signature()));
        open(key.publicKey(), TYPE, PAYLOAD, sealed.signature());
    }

    private static void open(PublicKey key, byte[] type, byte[] payload, byte[] signature) throws MalformedException {
        SignedEnvelope.open(new SignedEnvelope(key, type, payload, signature).toBytes(), "d");
    }

    @Test
    void noBitOfAnEnvelopeCanBeChanged() throws IOException {
        byte[] envelope = TestKey.of(KeyType.ED25519).bytes("envelope");
        for (int bit = 0; bit < envelope.length * 8; bit++) {
            byte[] changed = envelope.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(MalformedException.class, () -> SignedEnvelope.open(changed, PeerRecord.DOMAIN), "bit " + bit);
        }
        for (int length = 0; length < envelope.length; length++) {
            byte[] cut = Arrays.copyOf(envelope, length);
            assertThrows(MalformedException.class, () -> SignedEnvelope.open(cut, PeerRecord.DOMAIN), "length " + length);
        }
    }

    @Test
    void anEnvelopeWithoutKeyIsRefused() {
        byte[] bytes = new ProtobufWriter().bytes(2, TYPE).bytes(3, PAYLOAD).bytes(5, new byte[64]).toBytes();
        assertEquals("the signed envelope names no key",
                assertThrows(MalformedException.class, () -> SignedEnvelope.open(bytes, "d")).getMessage());
    }

    @Test
    void theLargestEnvelopeOpensAndALargerOneIsRefused() throws IOException {
        PrivateKey key = PrivateKey.generate();
        int overhead = SignedEnvelope.seal(key, "d", TYPE, new byte[10_000]).toBytes().length - 10_000;
        byte[] largest = SignedEnvelope.seal(key, "d", TYPE, new byte[SignedEnvelope.MAXIMUM - overhead]).toBytes();
        assertEquals(SignedEnvelope.MAXIMUM, largest.length);
        SignedEnvelope.open(largest, "d");
        byte[] larger = SignedEnvelope.seal(key, "d", TYPE, new byte[SignedEnvelope.MAXIMUM - overhead + 1]).toBytes();
        assertThrows(MalformedException.class, () -> SignedEnvelope.open(larger, "d"));
    }

    @Test
    void whatIsSignedIsWhatTheSpecificationSays() throws IOException {
        // RFC 0002: three times length and bytes
        byte[] signed = HexFormat.of().parseHex("0164" + "020301" + "03010203");
        PrivateKey key = PrivateKey.generate();
        assertArrayEquals(key.sign(signed), SignedEnvelope.seal(key, "d", TYPE, PAYLOAD).signature());
    }
}
