package adit.identity;

import adit.multiformats.MalformedException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.ECPoint;

/**
 * Keys of the curve P-256 in DER (peer-ids, "ECDSA"). With the curve fixed only numbers change in the DER, so it is written down here:
 * <pre>
 * public   SubjectPublicKeyInfo (RFC 5480):  30 59 {30 13 {06 07 ecPublicKey, 06 08 prime256v1}, 03 42 {00 point}}
 * private  ECPrivateKey (RFC 5915):          30 77 {02 01 01, 04 20 secret, a0 0a {06 08 prime256v1}, a1 44 {03 42 {00 point}}}
 * </pre>
 */
final class P256Scheme extends EcdsaScheme {
    private static final byte[] BEFORE_PUBLIC_POINT = HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
    private static final byte[] BEFORE_SECRET = HexFormat.of().parseHex("30770201010420");
    private static final byte[] BEFORE_PRIVATE_POINT = HexFormat.of().parseHex("a00a06082a8648ce3d030107a144034200");
    private static final int POINT = 65;

    P256Scheme() {
        super("secp256r1");
    }

    @Override byte[] pointIn(byte[] data) throws MalformedException {
        return part(data, BEFORE_PUBLIC_POINT, POINT, BEFORE_PUBLIC_POINT.length + POINT);
    }

    @Override byte[] publicKey(ECPoint point) {
        return ByteBuffer.allocate(BEFORE_PUBLIC_POINT.length + POINT).put(BEFORE_PUBLIC_POINT).put(point.getEncoded(false)).array();
    }

    @Override byte[] secretIn(byte[] data) throws MalformedException {
        return part(data, BEFORE_SECRET, SECRET, BEFORE_SECRET.length + SECRET + BEFORE_PRIVATE_POINT.length + POINT);
    }

    @Override byte[] privateKey(byte[] secret, ECPoint point) {
        return ByteBuffer.allocate(BEFORE_SECRET.length + SECRET + BEFORE_PRIVATE_POINT.length + POINT)
                .put(BEFORE_SECRET).put(secret).put(BEFORE_PRIVATE_POINT).put(point.getEncoded(false)).array();
    }

    private static byte[] part(byte[] data, byte[] before, int length, int whole) throws MalformedException {
        if (data.length != whole || !Arrays.equals(data, 0, before.length, before, 0, before.length)) {
            throw new MalformedException("not an ECDSA key of the curve P-256 in DER; other curves are not known here");
        }
        return Arrays.copyOfRange(data, before.length, before.length + length);
    }
}
