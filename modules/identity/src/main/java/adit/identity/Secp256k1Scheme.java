package adit.identity;

import adit.multiformats.MalformedException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/** ECDSA on secp256k1 over SHA-256, signatures in DER, s in its lower half (as Bitcoin's). */
final class Secp256k1Scheme implements SignatureScheme {
    private static final int SECRET = 32;
    private static final int COMPRESSED = 33;
    private static final int UNCOMPRESSED = 65;

    private final ECDomainParameters curve;

    Secp256k1Scheme() {
        X9ECParameters parameters = CustomNamedCurves.getByName("secp256k1");
        curve = new ECDomainParameters(parameters.getCurve(), parameters.getG(), parameters.getN(), parameters.getH());
    }

    @Override public Verifier verifier(byte[] data) throws MalformedException {
        if (data.length != COMPRESSED && data.length != UNCOMPRESSED) {
            throw new MalformedException("a secp256k1 public key has 33 or 65 bytes, not " + data.length);
        }
        ECPublicKeyParameters key;
        try {
            key = new ECPublicKeyParameters(curve.getCurve().decodePoint(data), curve);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("not a secp256k1 public key", e);
        }
        return (message, signature) -> {
            try {
                BigInteger[] numbers = StandardDSAEncoding.INSTANCE.decode(curve.getN(), signature);
                ECDSASigner signer = new ECDSASigner();
                signer.init(false, key);
                return signer.verifySignature(sha256(message), numbers[0], numbers[1]);
            } catch (IOException | IllegalArgumentException | IllegalStateException | ArithmeticException e) {
                return false;
            }
        };
    }

    @Override public Signer signer(byte[] data) throws MalformedException {
        BigInteger secret = new BigInteger(1, data);
        if (data.length != SECRET || secret.signum() == 0 || secret.compareTo(curve.getN()) >= 0) {
            throw new MalformedException("not a secp256k1 private key");
        }
        ECPrivateKeyParameters key = new ECPrivateKeyParameters(secret, curve);
        byte[] publicKey = curve.getG().multiply(secret).normalize().getEncoded(true);
        return new Signer() {
            @Override public byte[] sign(byte[] message) {
                ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
                signer.init(true, key);
                BigInteger[] numbers = signer.generateSignature(sha256(message));
                BigInteger low = numbers[1].min(curve.getN().subtract(numbers[1]));
                try {
                    return StandardDSAEncoding.INSTANCE.encode(curve.getN(), numbers[0], low);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }

            @Override public byte[] publicKey() {
                return publicKey;
            }
        };
    }

    private static byte[] sha256(byte[] message) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(message);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
