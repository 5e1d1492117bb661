package adit.identity;

import adit.multiformats.MalformedException;
import java.util.Arrays;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** RFC 8032 Ed25519. Bouncy Castle's is 10 to 30 times faster than the JDK's. */
final class Ed25519Scheme implements SignatureScheme {
    private static final int SECRET = 32;
    private static final int PUBLIC = 32;

    @Override public Verifier verifier(byte[] data) throws MalformedException {
        if (data.length != PUBLIC) {
            throw new MalformedException("an Ed25519 public key has " + PUBLIC + " bytes, not " + data.length);
        }
        Ed25519PublicKeyParameters key;
        try {
            key = new Ed25519PublicKeyParameters(data, 0);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("not an Ed25519 public key", e);
        }
        return (message, signature) -> {
            Ed25519Signer signer = new Ed25519Signer();
            signer.init(false, key);
            signer.update(message, 0, message.length);
            return signer.verifySignature(signature);
        };
    }

    /** Data is secret and public key; an old form repeats the public key once more. */
    @Override public Signer signer(byte[] data) throws MalformedException {
        if (data.length != SECRET + PUBLIC && data.length != SECRET + 2 * PUBLIC) {
            throw new MalformedException("an Ed25519 private key has 64 or 96 bytes, not " + data.length);
        }
        Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(data, 0);
        byte[] publicKey = key.generatePublicKey().getEncoded();
        for (int at = SECRET; at < data.length; at += PUBLIC) {
            if (!Arrays.equals(publicKey, Arrays.copyOfRange(data, at, at + PUBLIC))) {
                throw new MalformedException("the two halves of the Ed25519 key do not belong together");
            }
        }
        return new Signer() {
            @Override public byte[] sign(byte[] message) {
                Ed25519Signer signer = new Ed25519Signer();
                signer.init(true, key);
                signer.update(message, 0, message.length);
                return signer.generateSignature();
            }

            @Override public byte[] publicKey() {
                return publicKey;
            }
        };
    }
}
