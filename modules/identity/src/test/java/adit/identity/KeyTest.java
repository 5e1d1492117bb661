package adit.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.MalformedException;
import adit.multiformats.ProtobufWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class KeyTest {
    private static final byte[] OTHER_MESSAGE = {1, 2, 3};

    static List<TestKey> keys() throws IOException {
        return TestKey.all();
    }

    private static byte[] protobuf(KeyType type, byte[] data) {
        return new ProtobufWriter().varint(1, type.ordinal()).bytes(2, data).toBytes();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String refusal(KeyType type, byte[] publicData) {
        return assertThrows(MalformedException.class, () -> PublicKey.fromProtobuf(protobuf(type, publicData))).getMessage();
    }

    private static String privateRefusal(KeyType type, byte[] privateData) {
        return assertThrows(MalformedException.class, () -> PrivateKey.fromProtobuf(protobuf(type, privateData))).getMessage();
    }

    /** The data inside of a key's protobuf. */
    private static byte[] data(byte[] protobuf) throws IOException {
        return PublicKey.KeyProtobuf.read(protobuf, protobuf.length).data();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyPrivateKeyOfTheSpecificationGivesItsPublicKeyAndItsPeerId(TestKey vector) throws IOException {
        PrivateKey key = PrivateKey.fromProtobuf(vector.bytes("private"));
        assertArrayEquals(vector.bytes("private"), key.toProtobuf());
        assertEquals(vector.type(), key.publicKey().type());
        assertArrayEquals(vector.bytes("public"), key.publicKey().toProtobuf());
        assertEquals(vector.text("id"), key.peerId().toString());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyPublicKeyOfTheSpecificationComesBack(TestKey vector) throws IOException {
        PublicKey key = PublicKey.fromProtobuf(vector.bytes("public"));
        assertArrayEquals(vector.bytes("public"), key.toProtobuf());
        assertEquals(vector.text("id"), PeerId.of(key).toString());
        assertEquals(PrivateKey.fromProtobuf(vector.bytes("private")).publicKey(), key);
        assertEquals(PublicKey.fromProtobuf(vector.bytes("public")).hashCode(), key.hashCode());
        assertEquals(vector.type() + " key of " + vector.text("id"), key.toString());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aSignatureThatGoMadeVerifies(TestKey vector) throws IOException {
        PublicKey key = PublicKey.fromProtobuf(vector.bytes("public"));
        byte[] signature = vector.bytes("signature");
        assertTrue(key.verify(TestKey.MESSAGE, signature));
        assertFalse(key.verify(OTHER_MESSAGE, signature));
        for (TestKey other : keys()) {
            assertEquals(other.type() == vector.type(), PublicKey.fromProtobuf(other.bytes("public")).verify(TestKey.MESSAGE, signature));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RSA", "ED25519", "SECP256K1"})
    void signaturesWithoutChanceAreThoseOfGo(KeyType type) throws IOException {
        TestKey vector = TestKey.of(type);
        assertArrayEquals(vector.bytes("signature"), PrivateKey.fromProtobuf(vector.bytes("private")).sign(TestKey.MESSAGE));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void whatIsSignedVerifiesAndNothingElse(TestKey vector) throws IOException {
        PrivateKey key = PrivateKey.fromProtobuf(vector.bytes("private"));
        for (byte[] message : new byte[][] {{}, {0}, new byte[100_000]}) {
            byte[] signature = key.sign(message);
            assertTrue(key.publicKey().verify(message, signature));
            assertFalse(key.publicKey().verify(OTHER_MESSAGE, signature));
            signature[signature.length / 2] ^= 1;
            assertFalse(key.publicKey().verify(message, signature));
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void signaturesThatCannotBeReadAreWrong(TestKey vector) throws IOException {
        PublicKey key = PublicKey.fromProtobuf(vector.bytes("public"));
        byte[] right = vector.bytes("signature");
        for (String hex : List.of("", "00", "30", "3000", "020101", "3003020101", "30060201010201", "3006020100020100", "30060201ff0201ff",
                "300602010102010100", "3080020101020101" + "0000", "308106020101020101", "308006", "30847fffffff",
                "308900ffffffffffffffff", "a003020101", "3006040101040101", "0500", "1f8080808080", "300602027fff0200",
                "30060201010202ff", "3008020200010202" + "0001")) {
            assertFalse(key.verify(TestKey.MESSAGE, bytes(hex)), hex);
        }
        assertFalse(key.verify(TestKey.MESSAGE, Arrays.copyOf(right, right.length - 1)));
        assertFalse(key.verify(TestKey.MESSAGE, Arrays.copyOf(right, right.length + 1)));
        assertFalse(key.verify(TestKey.MESSAGE, new byte[right.length]));
        assertFalse(key.verify(TestKey.MESSAGE, new byte[100_000]));
        for (int i = 0; i < right.length; i++) {
            byte[] wrong = right.clone();
            wrong[i] ^= 0x40;
            assertFalse(key.verify(TestKey.MESSAGE, wrong), "byte " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SECP256K1", "ECDSA"})
    void signaturesOfCurvesHaveTheLowerOfTwoNumbers(KeyType type) throws IOException {
        PrivateKey key = PrivateKey.fromProtobuf(TestKey.of(type).bytes("private"));
        BigInteger order = CustomNamedCurves.getByName(type == KeyType.ECDSA ? "secp256r1" : "secp256k1").getN();
        for (byte next = 0; next < 20; next++) {
            byte[] signature = key.sign(new byte[] {next});
            int r = signature[3];
            BigInteger s = new BigInteger(Arrays.copyOfRange(signature, 6 + r, signature.length));
            assertTrue(s.compareTo(order.shiftRight(1)) <= 0);
        }
    }

    @Test
    void newKeysAreOfEd25519AndDiffer() throws IOException {
        PrivateKey key = PrivateKey.generate();
        assertEquals(KeyType.ED25519, key.publicKey().type());
        assertNotEquals(key.publicKey(), PrivateKey.generate().publicKey());
        assertEquals(key.publicKey(), PrivateKey.fromProtobuf(key.toProtobuf()).publicKey());
        assertEquals(key.peerId(), PeerId.of(key.publicKey()));
    }

    @Test
    void noTextShowsTheSecret() throws IOException {
        for (TestKey vector : keys()) {
            PrivateKey key = PrivateKey.fromProtobuf(vector.bytes("private"));
            assertEquals("private key of " + vector.text("id"), key.toString());
            assertEquals(vector.type() + " key", PublicKey.KeyProtobuf.read(key.toProtobuf(), 10_000).toString());
        }
    }

    @Test
    void theOldFormOfEd25519IsRead() throws IOException {
        byte[] data = data(TestKey.of(KeyType.ED25519).bytes("private"));
        byte[] old = Arrays.copyOf(data, 96);
        System.arraycopy(data, 32, old, 64, 32);
        assertEquals(TestKey.of(KeyType.ED25519).text("id"), PrivateKey.fromProtobuf(protobuf(KeyType.ED25519, old)).peerId().toString());
        old[95] ^= 1;
        privateRefusal(KeyType.ED25519, old);
    }

    @Test
    void privateKeysThatDoNotBelongToTheirPublicKeysAreRefused() throws IOException {
        for (KeyType type : new KeyType[] {KeyType.ED25519, KeyType.ECDSA}) {
            byte[] data = data(TestKey.of(type).bytes("private"));
            data[data.length - 1] ^= 1;
            privateRefusal(type, data);
            data[data.length - 1] ^= 1;
            data[10] ^= 1;
            privateRefusal(type, data);
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void keysOfAnotherLengthAreRefused(TestKey vector) throws IOException {
        for (String name : new String[] {"private", "public"}) {
            byte[] data = data(vector.bytes(name));
            for (int length : new int[] {0, 1, data.length - 1, data.length + 1}) {
                byte[] other = protobuf(vector.type(), Arrays.copyOf(data, length));
                assertThrows(MalformedException.class,
                        name.equals("public") ? () -> PublicKey.fromProtobuf(other) : () -> PrivateKey.fromProtobuf(other));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void keysWithFewOrManyThingsChangedNeverCrash(TestKey vector) throws IOException {
        byte[] protobuf = vector.bytes("public");
        for (int i = 0; i < protobuf.length; i++) {
            byte[] changed = protobuf.clone();
            changed[i] ^= (byte) (1 << i % 8);
            try {
                assertArrayEquals(changed, PublicKey.fromProtobuf(changed).toProtobuf());
            } catch (MalformedException refused) {
                assertTrue(refused.getMessage() != null);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "08", "0801", "1200", "12200000000000000000000000000000000000000000000000000000000000000000",
        "08041200", "08ffffffffffffffffff011200", "0a0101120101", "08011001", "080112", "08011203aa", "0b0c"})
    void keysWithoutTypeOrDataAreRefused(String hex) {
        assertThrows(MalformedException.class, () -> PublicKey.fromProtobuf(bytes(hex)));
        assertThrows(MalformedException.class, () -> PrivateKey.fromProtobuf(bytes(hex)));
    }

    @Test
    void hugeKeysAreRefusedUnread() {
        for (KeyType type : KeyType.values()) {
            assertThrows(MalformedException.class, () -> PublicKey.fromProtobuf(protobuf(type, new byte[PublicKey.MAXIMUM_PROTOBUF])));
            assertThrows(MalformedException.class, () -> PrivateKey.fromProtobuf(protobuf(type, new byte[1_000_000])));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SECP256K1", "ECDSA"})
    void secretsOutOfTheCurvesRangeAreRefused(KeyType type) throws IOException {
        byte[] order = bytes(type == KeyType.ECDSA ? "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
                : "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
        byte[] data = data(TestKey.of(type).bytes("private"));
        for (byte[] secret : new byte[][] {new byte[32], order}) {
            System.arraycopy(secret, 0, data, type == KeyType.ECDSA ? 7 : 0, 32);
            assertEquals("the private key is out of the curve's range", privateRefusal(type, data));
        }
    }

    @Test
    void aKeyOfSecp256k1HasOneFormOnly() throws IOException {
        byte[] compressed = data(TestKey.of(KeyType.SECP256K1).bytes("public"));
        var point = CustomNamedCurves.getByName("secp256k1").getCurve().decodePoint(compressed);
        byte[] hybrid = point.getEncoded(false);
        refusal(KeyType.SECP256K1, hybrid);
        hybrid[0] = 7;
        refusal(KeyType.SECP256K1, hybrid);
        refusal(KeyType.SECP256K1, new byte[33]);
        refusal(KeyType.SECP256K1, new byte[1]);
        byte[] outside = new byte[33];
        Arrays.fill(outside, (byte) 0xff);
        outside[0] = 2;
        assertEquals("not a point of the curve", refusal(KeyType.SECP256K1, outside));
    }

    @Test
    void aKeyOfP256IsAPointOfP256() throws IOException {
        byte[] data = data(TestKey.of(KeyType.ECDSA).bytes("public"));
        data[data.length - 1] ^= 1;
        assertEquals("not a point of the curve", refusal(KeyType.ECDSA, data));
        data[data.length - 1] ^= 1;
        for (int format : new int[] {0, 2, 3, 6, 7}) {
            data[26] = (byte) format;
            refusal(KeyType.ECDSA, data);
        }
        // P-384 as openssl writes it
        refusal(KeyType.ECDSA, bytes("3076301006072a8648ce3d020106052b81040022036200" + "04" + "11".repeat(96)));
    }
}
