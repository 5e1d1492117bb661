package adit.identity;

import adit.multiformats.MalformedException;
import org.bouncycastle.math.ec.ECPoint;

/** Keys of the curve secp256k1 (peer-ids, "Secp256k1"): the compressed point; the secret number. */
final class Secp256k1Scheme extends EcdsaScheme {
    private static final int COMPRESSED = 33;

    Secp256k1Scheme() {
        super("secp256k1");
    }

    @Override byte[] pointIn(byte[] data) throws MalformedException {
        if (data.length != COMPRESSED) {
            throw new MalformedException("a secp256k1 public key has " + COMPRESSED + " bytes, not " + data.length);
        }
        return data;
    }

    @Override byte[] publicKey(ECPoint point) {
        return point.getEncoded(true);
    }

    @Override byte[] secretIn(byte[] data) throws MalformedException {
        if (data.length != SECRET) {
            throw new MalformedException("a secp256k1 private key has " + SECRET + " bytes, not " + data.length);
        }
        return data;
    }

    @Override byte[] privateKey(byte[] secret, ECPoint point) {
        return secret;
    }
}
