package adit.identity;

import adit.multiformats.MalformedException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;

/**
 * ECDSA over SHA-256 on a curve of 256 bits, with the nonce of RFC 6979, signatures in DER, s in its lower half. Each key has one
 * form of its bytes only, so that it has one peer id only.
 */
abstract class EcdsaScheme implements SignatureScheme {
    static final int SECRET = 32;

    private final ECDomainParameters curve;

    /** @param name of the curve */
    EcdsaScheme(String name) {
        X9ECParameters parameters = CustomNamedCurves.getByName(name);
        curve = new ECDomainParameters(parameters.getCurve(), parameters.getG(), parameters.getN(), parameters.getH());
    }

    /** The encoded point in a public key's data. */
    abstract byte[] pointIn(byte[] data) throws MalformedException;

    /** The public key's data. */
    abstract byte[] publicKey(ECPoint point);

    /** The secret number in a private key's data, {@link #SECRET} bytes. */
    abstract byte[] secretIn(byte[] data) throws MalformedException;

    /** The private key's data. */
    abstract byte[] privateKey(byte[] secret, ECPoint point);

    @Override public final Verifier verifier(byte[] data) throws MalformedException {
        ECPublicKeyParameters key;
        try {
            key = new ECPublicKeyParameters(curve.getCurve().decodePoint(pointIn(data)), curve);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("not a point of the curve", e);
        }
        if (!Arrays.equals(data, publicKey(key.getQ()))) {
            throw new MalformedException("not the usual form of a point");
        }
        return (message, signature) -> {
            try {
                EcdsaSignature numbers = EcdsaSignature.decode(signature);
                ECDSASigner signer = new ECDSASigner();
                signer.init(false, key);
                return signer.verifySignature(sha256(message), numbers.r(), numbers.s());
            } catch (MalformedException e) {
                return false;
            }
        };
    }

    @Override public final Signer signer(byte[] data) throws MalformedException {
        byte[] bytes = secretIn(data);
        BigInteger secret = new BigInteger(1, bytes);
        if (secret.signum() == 0 || secret.compareTo(curve.getN()) >= 0) {
            throw new MalformedException("the private key is out of the curve's range");
        }
        ECPoint point = curve.getG().multiply(secret).normalize();
        if (!Arrays.equals(data, privateKey(bytes, point))) {
            throw new MalformedException("the private key holds a public key that is not its own");
        }
        ECPrivateKeyParameters key = new ECPrivateKeyParameters(secret, curve);
        byte[] publicKey = publicKey(point);
        return new Signer() {
            @Override public byte[] sign(byte[] message) {
                return EcdsaScheme.this.sign(key, message);
            }

            @Override public byte[] publicKey() {
                return publicKey;
            }
        };
    }

    private byte[] sign(ECPrivateKeyParameters key, byte[] message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, key);
        BigInteger[] numbers = signer.generateSignature(sha256(message));
        return new EcdsaSignature(numbers[0], numbers[1].min(curve.getN().subtract(numbers[1]))).encode();
    }

    private static byte[] sha256(byte[] message) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(message);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
