package adit.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.MalformedException;
import adit.multiformats.ProtobufWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class RsaKeyTest {
    private static byte[] protobuf(byte[] data) {
        return new ProtobufWriter().varint(1, KeyType.RSA.ordinal()).bytes(2, data).toBytes();
    }

    /** A public key of that many bits; nobody has to know its factors. */
    private static byte[] publicKey(int bits, BigInteger exponent) throws GeneralSecurityException {
        BigInteger modulus = BigInteger.ONE.shiftLeft(bits - 1).setBit(0);
        return protobuf(KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent)).getEncoded());
    }

    @ParameterizedTest
    @ValueSource(ints = {2048, 3072, 4096, 8192})
    void keysOfUsualSizesAreRead(int bits) throws IOException, GeneralSecurityException {
        byte[] key = publicKey(bits, BigInteger.valueOf(65_537));
        assertTrue(key.length <= PublicKey.MAXIMUM_PROTOBUF);
        assertEquals(KeyType.RSA, PublicKey.fromProtobuf(key).type());
        assertTrue(PeerId.of(PublicKey.fromProtobuf(key)).toString().startsWith("Qm"));
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 2047, 8193, 12_000})
    void keysTooWeakOrTooSlowAreRefused(int bits) throws GeneralSecurityException {
        byte[] key = publicKey(bits, BigInteger.valueOf(65_537));
        assertEquals("RSA keys have 2048 to 8192 bits, not " + bits,
                assertThrows(MalformedException.class, () -> PublicKey.fromProtobuf(key)).getMessage());
    }

    @Test
    void keysWithALongExponentAreRefused() throws IOException, GeneralSecurityException {
        PublicKey.fromProtobuf(publicKey(2048, BigInteger.valueOf(Integer.MAX_VALUE)));
        byte[] key = publicKey(2048, BigInteger.ONE.shiftLeft(31).setBit(0));
        assertEquals("the exponent of the RSA key has 32 bits",
                assertThrows(MalformedException.class, () -> PublicKey.fromProtobuf(key)).getMessage());
        byte[] slow = publicKey(2048, BigInteger.ONE.shiftLeft(2046).setBit(0));
        assertThrows(MalformedException.class, () -> PublicKey.fromProtobuf(slow));
    }

    @Test
    void aPrivateKeyOf1024BitsIsRefused() throws GeneralSecurityException, IOException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        KeyPair pair = generator.generateKeyPair();
        byte[] pkcs1 = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded()).parsePrivateKey().toASN1Primitive().getEncoded();
        assertEquals("RSA keys have 2048 to 8192 bits, not 1024",
                assertThrows(MalformedException.class, () -> PrivateKey.fromProtobuf(protobuf(pkcs1))).getMessage());
    }

    @Test
    void aKeyHasOneFormOnly() throws IOException {
        byte[] right = PublicKey.KeyProtobuf.read(TestKey.of(KeyType.RSA).bytes("public"), 10_000).data();
        String hex = HexFormat.of().formatHex(right);
        String[] others = {
            hex + "00",
            // an indefinite length
            "3080" + hex.substring(8) + "0000",
            // a length of three bytes instead of two
            "3083000222" + hex.substring(8),
            // without the NULL of the algorithm's parameters
            "30820220300b06092a864886f70d0101010382020f00" + hex.substring(48),
            // the algorithm of RSA-PSS
            hex.replace("06092a864886f70d010101", "06092a864886f70d01010a"),
            // unused bits
            hex.replace("0382020f00", "0382020f01"),
        };
        for (String other : others) {
            assertThrows(MalformedException.class, () -> PublicKey.fromProtobuf(protobuf(HexFormat.of().parseHex(other))), other);
        }
    }

    @Test
    void theRefusalOfAPrivateKeyHoldsNothingOfIt() throws IOException {
        byte[] data = PublicKey.KeyProtobuf.read(TestKey.of(KeyType.RSA).bytes("private"), 10_000).data();
        for (int cut : new int[] {10, 200, 1000, data.length - 1}) {
            var refusal = assertThrows(MalformedException.class, () -> PrivateKey.fromProtobuf(protobuf(Arrays.copyOf(data, cut))));
            assertEquals("not an RSA private key", refusal.getMessage());
            assertEquals(null, refusal.getCause());
        }
    }
}
