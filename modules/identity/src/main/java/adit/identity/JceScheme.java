package adit.identity;

import adit.multiformats.MalformedException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;

/** What the schemes that use the JDK's own signatures have in common. */
abstract class JceScheme implements SignatureScheme {
    private final String keyAlgorithm;
    private final String signatureAlgorithm;

    JceScheme(String keyAlgorithm, String signatureAlgorithm) {
        this.keyAlgorithm = keyAlgorithm;
        this.signatureAlgorithm = signatureAlgorithm;
    }

    /** Refuses keys that are too weak, or so strong that checking them is an attack. */
    abstract void check(java.security.PublicKey key) throws MalformedException;

    /** @param data PKIX SubjectPublicKeyInfo, DER */
    @Override public Verifier verifier(byte[] data) throws MalformedException {
        java.security.PublicKey key;
        try {
            key = KeyFactory.getInstance(keyAlgorithm).generatePublic(new X509EncodedKeySpec(data));
        } catch (GeneralSecurityException e) {
            throw new MalformedException("not an " + keyAlgorithm + " public key", e);
        }
        check(key);
        return (message, signature) -> {
            try {
                Signature verifier = Signature.getInstance(signatureAlgorithm);
                verifier.initVerify(key);
                verifier.update(message);
                return verifier.verify(signature);
            } catch (GeneralSecurityException e) {
                return false;
            }
        };
    }

    final Signer signer(java.security.PrivateKey key, java.security.PublicKey publicKey) throws MalformedException {
        check(publicKey);
        return new Signer() {
            @Override public byte[] sign(byte[] message) {
                try {
                    Signature signer = Signature.getInstance(signatureAlgorithm);
                    signer.initSign(key);
                    signer.update(message);
                    return signer.sign();
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("cannot sign with this " + keyAlgorithm + " key", e);
                }
            }

            @Override public byte[] publicKey() {
                return publicKey.getEncoded();
            }
        };
    }
}
