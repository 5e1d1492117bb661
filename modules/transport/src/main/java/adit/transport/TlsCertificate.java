package adit.transport;

import adit.identity.PrivateKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Principal;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Date;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Our certificate and its key (libp2p tls specification, section "Peer Authentication"): an ephemeral P-256 key that
 * signs itself and carries, in an extension, the identity key's signature. Made once per process, never stored.
 */
final class TlsCertificate extends X509ExtendedKeyManager {
    /** The libp2p public key extension. */
    static final String EXTENSION = "1.3.6.1.4.1.53594.1.1";

    /** The only key type JSSE can ask this key manager for, and the name it knows our key by. */
    private static final String KEY_TYPE = "EC";

    private static final byte[] SIGNED_PREFIX = "libp2p-tls-handshake:".getBytes(StandardCharsets.US_ASCII);

    /** 1975 and 4096: no clock, however wrong, makes the certificate invalid; the handshake proves freshness anyway. */
    private static final Date NOT_BEFORE = new Date(157_766_400_000L);
    private static final Date NOT_AFTER = new Date(67_090_204_800_000L);

    private final X509Certificate certificate;
    private final java.security.PrivateKey key;

    private TlsCertificate(X509Certificate certificate, java.security.PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    static TlsCertificate generate(PrivateKey identity) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(KEY_TYPE);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] subjectKey = pair.getPublic().getEncoded();
            DERSequence signedKey = new DERSequence(new ASN1Encodable[] {
                new DEROctetString(identity.publicKey().toProtobuf()), new DEROctetString(identity.sign(signed(subjectKey)))});
            Extension extension = new Extension(new ASN1ObjectIdentifier(EXTENSION), false, signedKey.getEncoded());
            byte[] encoded = sign(certificate(subjectKey, new Extensions(extension)), pair.getPrivate());
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(encoded));
            return new TlsCertificate(certificate, pair.getPrivate());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every JDK can make a P-256 certificate", e);
        }
    }

    /** What the identity key signs: a prefix and the certificate's key as SubjectPublicKeyInfo. */
    static byte[] signed(byte[] subjectPublicKeyInfo) {
        byte[] bytes = Arrays.copyOf(SIGNED_PREFIX, SIGNED_PREFIX.length + subjectPublicKeyInfo.length);
        System.arraycopy(subjectPublicKeyInfo, 0, bytes, SIGNED_PREFIX.length, subjectPublicKeyInfo.length);
        return bytes;
    }

    X509Certificate certificate() {
        return certificate;
    }

    private static TBSCertificate certificate(byte[] subjectKey, Extensions extensions) {
        X500Name name = new X500Name("O=libp2p.io");
        V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(new BigInteger(63, new SecureRandom()).setBit(62)));
        generator.setSignature(algorithm());
        generator.setIssuer(name);
        generator.setStartDate(new Time(NOT_BEFORE));
        generator.setEndDate(new Time(NOT_AFTER));
        generator.setSubject(name);
        generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(subjectKey));
        generator.setExtensions(extensions);
        return generator.generateTBSCertificate();
    }

    private static byte[] sign(TBSCertificate certificate, java.security.PrivateKey key) throws GeneralSecurityException, IOException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(certificate.getEncoded());
        return new DERSequence(new ASN1Encodable[] {certificate, algorithm(), new DERBitString(signature.sign())}).getEncoded();
    }

    private static AlgorithmIdentifier algorithm() {
        return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    }

    // ---- as JSSE asks for it

    @Override public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return Arrays.asList(keyTypes).contains(KEY_TYPE) ? KEY_TYPE : null;
    }

    @Override public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return keyType.equals(KEY_TYPE) ? KEY_TYPE : null;
    }

    @Override public X509Certificate[] getCertificateChain(String alias) {
        return new X509Certificate[] {certificate};
    }

    @Override public java.security.PrivateKey getPrivateKey(String alias) {
        return key;
    }

    @Override public String[] getClientAliases(String keyType, Principal[] issuers) {
        throw new UnsupportedOperationException("engines only");
    }

    @Override public String[] getServerAliases(String keyType, Principal[] issuers) {
        throw new UnsupportedOperationException("engines only");
    }

    @Override public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        throw new UnsupportedOperationException("engines only");
    }

    @Override public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        throw new UnsupportedOperationException("engines only");
    }
}
