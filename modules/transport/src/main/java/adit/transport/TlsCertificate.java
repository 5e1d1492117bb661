package adit.transport;

import adit.identity.PrivateKey;
import java.io.ByteArrayInputStream;
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
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

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

    /** 1975 to 4096: no clock, however wrong, makes the certificate invalid; the handshake proves freshness anyway. */
    private static final byte[] VALIDITY = Der.sequence(Der.utcTime("750101000000Z"), Der.generalizedTime("40960101000000Z"));

    private static final byte[] VERSION_3 = Der.explicit(0, Der.integer(new byte[] {2}));
    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.objectIdentifier("1.2.840.10045.4.3.2"));
    private static final byte[] ORGANIZATION = Der.objectIdentifier("2.5.4.10");

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
            byte[] signedKey = Der.sequence(
                    Der.octetString(identity.publicKey().toProtobuf()), Der.octetString(identity.sign(signed(subjectKey))));
            byte[] encoded = sign(toBeSigned(subjectKey, signedKey), pair.getPrivate());
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(encoded));
            return new TlsCertificate(certificate, pair.getPrivate());
        } catch (GeneralSecurityException e) {
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

    /** TBSCertificate (RFC 5280 section 4.1). */
    private static byte[] toBeSigned(byte[] subjectKey, byte[] signedKey) {
        byte[] serial = new BigInteger(63, new SecureRandom()).setBit(62).toByteArray();
        byte[] name = Der.sequence(Der.set(Der.sequence(ORGANIZATION, Der.utf8String("libp2p.io"))));
        byte[] extensions = Der.sequence(Der.sequence(Der.objectIdentifier(EXTENSION), Der.octetString(signedKey)));
        return Der.sequence(VERSION_3, Der.integer(serial), ECDSA_WITH_SHA256, name, VALIDITY, name, subjectKey, Der.explicit(3, extensions));
    }

    private static byte[] sign(byte[] toBeSigned, java.security.PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(toBeSigned);
        return Der.sequence(toBeSigned, ECDSA_WITH_SHA256, Der.bitString(signature.sign()));
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
