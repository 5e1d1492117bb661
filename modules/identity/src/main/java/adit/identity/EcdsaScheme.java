package adit.identity;

import adit.multiformats.MalformedException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;

/** ECDSA on P-256 over SHA-256, signatures in DER. The private key's data is SEC 1 DER. */
final class EcdsaScheme extends JceScheme {
    private static final int BITS = 256;

    EcdsaScheme() {
        super("EC", "SHA256withECDSA");
    }

    @Override void check(java.security.PublicKey key) throws MalformedException {
        int bits = ((ECPublicKey) key).getParams().getOrder().bitLength();
        if (bits != BITS) {
            throw new MalformedException("ECDSA keys are of the curve P-256 here, not one of " + bits + " bits");
        }
    }

    @Override public Signer signer(byte[] data) throws MalformedException {
        try {
            AlgorithmIdentifier p256 = new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);
            byte[] pkcs8 = new DERSequence(new ASN1Encodable[] {new ASN1Integer(0), p256, new DEROctetString(data)}).getEncoded();
            BigInteger secret = ECPrivateKey.getInstance(ASN1Primitive.fromByteArray(data)).getKey();
            X9ECParameters curve = CustomNamedCurves.getByName("secp256r1");
            byte[] point = curve.getG().multiply(secret).normalize().getEncoded(false);
            byte[] publicKey = new SubjectPublicKeyInfo(p256, point).getEncoded();
            KeyFactory factory = KeyFactory.getInstance("EC");
            return signer(factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)), factory.generatePublic(new X509EncodedKeySpec(publicKey)));
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new MalformedException("not an ECDSA private key");
        }
    }
}
