package adit.identity;

import adit.multiformats.MalformedException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** RSA with PKCS#1 v1.5 over SHA-256. The private key's data is PKCS#1 DER. */
final class RsaScheme extends JceScheme {
    private static final int MINIMUM_BITS = 2048;
    private static final int MAXIMUM_BITS = 8192;

    RsaScheme() {
        super("RSA", "SHA256withRSA");
    }

    @Override void check(java.security.PublicKey key) throws MalformedException {
        int bits = ((RSAPublicKey) key).getModulus().bitLength();
        if (bits < MINIMUM_BITS || bits > MAXIMUM_BITS) {
            throw new MalformedException("RSA keys have " + MINIMUM_BITS + " to " + MAXIMUM_BITS + " bits, not " + bits);
        }
    }

    @Override public Signer signer(byte[] data) throws MalformedException {
        try {
            KeyFactory factory = KeyFactory.getInstance("RSA");
            RSAPrivateCrtKey key = (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8(data)));
            return signer(key, factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())));
        } catch (GeneralSecurityException | IOException | ClassCastException e) {
            throw new MalformedException("not an RSA private key");
        }
    }

    private static byte[] pkcs8(byte[] pkcs1) throws IOException {
        AlgorithmIdentifier rsa = new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
        return new DERSequence(new org.bouncycastle.asn1.ASN1Encodable[] {new ASN1Integer(0), rsa, new DEROctetString(pkcs1)}).getEncoded();
    }
}
