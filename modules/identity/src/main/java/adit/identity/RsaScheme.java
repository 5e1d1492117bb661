package adit.identity;

import adit.multiformats.MalformedException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** RSA with PKCS#1 v1.5 over SHA-256 (peer-ids, "RSA"): SubjectPublicKeyInfo; the private key's data is PKCS#1. Both in DER. */
final class RsaScheme implements SignatureScheme {
    private static final String SIGNATURE = "SHA256withRSA";
    private static final int MINIMUM_BITS = 2048;
    /** Checking a signature takes time that grows with the modulus and with the exponent: limits stop keys made to be slow. */
    private static final int MAXIMUM_BITS = 8192;
    private static final int MAXIMUM_EXPONENT_BITS = 31;

    @Override public Verifier verifier(byte[] data) throws MalformedException {
        PublicKey key;
        try {
            KeyFactory factory = KeyFactory.getInstance("RSA");
            RSAPublicKey read = (RSAPublicKey) factory.generatePublic(new X509EncodedKeySpec(data));
            key = factory.generatePublic(new RSAPublicKeySpec(read.getModulus(), read.getPublicExponent()));
            check(read.getModulus(), read.getPublicExponent());
        } catch (GeneralSecurityException e) {
            throw new MalformedException("not an RSA public key", e);
        }
        // one key, one form of its bytes, one peer id
        if (!Arrays.equals(key.getEncoded(), data)) {
            throw new MalformedException("the RSA public key is not in DER");
        }
        return (message, signature) -> {
            try {
                Signature verifier = Signature.getInstance(SIGNATURE);
                verifier.initVerify(key);
                verifier.update(message);
                return verifier.verify(signature);
            } catch (GeneralSecurityException e) {
                return false;
            }
        };
    }

    private static void check(BigInteger modulus, BigInteger exponent) throws MalformedException {
        int bits = modulus.bitLength();
        if (bits < MINIMUM_BITS || bits > MAXIMUM_BITS) {
            throw new MalformedException("RSA keys have " + MINIMUM_BITS + " to " + MAXIMUM_BITS + " bits, not " + bits);
        }
        if (exponent.bitLength() > MAXIMUM_EXPONENT_BITS) {
            throw new MalformedException("the exponent of the RSA key has " + exponent.bitLength() + " bits");
        }
    }

    @Override public Signer signer(byte[] data) throws MalformedException {
        try {
            KeyFactory factory = KeyFactory.getInstance("RSA");
            if (!(factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8(data))) instanceof RSAPrivateCrtKey key)) {
                throw new MalformedException("not a whole RSA private key");
            }
            check(key.getModulus(), key.getPublicExponent());
            PublicKey publicKey = factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
            return signer(key, publicKey.getEncoded());
        } catch (GeneralSecurityException e) {
            // without the cause: what it says may hold parts of the key
            throw new MalformedException("not an RSA private key");
        }
    }

    private static Signer signer(PrivateKey key, byte[] publicKey) {
        return new Signer() {
            @Override public byte[] sign(byte[] message) {
                try {
                    Signature signer = Signature.getInstance(SIGNATURE);
                    signer.initSign(key);
                    signer.update(message);
                    return signer.sign();
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("cannot sign with this RSA key", e);
                }
            }

            @Override public byte[] publicKey() {
                return publicKey;
            }
        };
    }

    private static byte[] pkcs8(byte[] pkcs1) {
        AlgorithmIdentifier rsa = new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
        try {
            return new DERSequence(new ASN1Encodable[] {new ASN1Integer(0), rsa, new DEROctetString(pkcs1)}).getEncoded();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
