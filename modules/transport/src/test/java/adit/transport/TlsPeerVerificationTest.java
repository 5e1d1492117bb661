package adit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
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
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(20)
class TlsPeerVerificationTest {
    private static final Instant NOW = Instant.now();
    private static final Duration HOUR = Duration.ofHours(1);

    private final PrivateKey identity = PrivateKey.generate();
    private KeyPair pair;

    @BeforeEach void generateKeys() throws Exception {
        pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
    }

    private record Vector(String name, String peer, byte[] certificate) {
        @Override public String toString() {
            return name;
        }
    }

    @ParameterizedTest @MethodSource("vectors")
    void certificatesOfTheSpecificationAreJudgedAsItSays(Vector vector) throws Exception {
        X509Certificate certificate = parse(vector.certificate());
        if (vector.peer().equals("refused")) {
            assertThrows(MalformedException.class, () -> TlsPeerVerification.verify(certificate));
        } else {
            assertEquals(vector.peer(), PeerId.of(TlsPeerVerification.verify(certificate)).toString());
        }
    }

    @Test void ownCertificateProvesTheIdentity() throws Exception {
        X509Certificate certificate = TlsCertificate.generate(identity).certificate();
        assertEquals(identity.publicKey(), TlsPeerVerification.verify(parse(certificate.getEncoded())));
    }

    @Test void extensionMayBeCritical() throws Exception {
        assertEquals(identity.publicKey(), TlsPeerVerification.verify(certificate(HOUR.negated(), HOUR, extension(true, signedKey()))));
    }

    @Test void unknownExtensionIsIgnoredUnlessCritical() throws Exception {
        Extension harmless = new Extension(new ASN1ObjectIdentifier("1.2.3.4"), false, new byte[] {5, 0});
        Extension critical = new Extension(new ASN1ObjectIdentifier("1.2.3.4"), true, new byte[] {5, 0});
        assertEquals(identity.publicKey(),
                TlsPeerVerification.verify(certificate(HOUR.negated(), HOUR, harmless, extension(false, signedKey()))));
        assertRefused(certificate(HOUR.negated(), HOUR, critical, extension(false, signedKey())));
    }

    @Test void certificateMustBeValidNow() throws Exception {
        assertRefused(certificate(HOUR, HOUR.multipliedBy(2), extension(false, signedKey())));
        assertRefused(certificate(HOUR.multipliedBy(-2), HOUR.negated(), extension(false, signedKey())));
    }

    @Test void extensionMustBeThereExactlyOnce() throws Exception {
        assertRefused(certificate(HOUR.negated(), HOUR, new Extension(new ASN1ObjectIdentifier("1.2.3.4"), false, new byte[] {5, 0})));
        String oid = "060a2b0601040183a25a01";
        Extension second = new Extension(new ASN1ObjectIdentifier("1.3.6.1.4.1.53594.1.2"), false, signedKey());
        byte[] different = encode(HOUR.negated(), HOUR, pair, new Extension[] {extension(false, signedKey()), second});
        assertEquals(identity.publicKey(), TlsPeerVerification.verify(parse(different)));
        byte[] same = HexFormat.of().parseHex(HexFormat.of().formatHex(different).replace(oid + "02", oid + "01"));
        assertThrows(CertificateException.class, () -> parse(same));
    }

    @Test void certificateSignedBySomeoneElseIsRefused() throws Exception {
        KeyPair other = KeyPairGenerator.getInstance("EC").generateKeyPair();
        assertRefused(parse(encode(HOUR.negated(), HOUR, other, new Extension[] {extension(false, signedKey())})));
    }

    @Test void signatureOverAnotherKeyIsRefused() throws Exception {
        byte[] otherKey = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic().getEncoded();
        assertRefused(certificate(HOUR.negated(), HOUR, extension(false,
                signedKey(identity.publicKey().toProtobuf(), identity.sign(TlsCertificate.signed(otherKey))))));
    }

    @Test void malformedSignedKeysAreRefused() throws Exception {
        List<byte[]> malformed = new ArrayList<>(List.of(new byte[0], new byte[] {0x30}, new byte[] {0x30, 0}, new byte[] {4, 0},
                new byte[] {0x30, (byte) 0x84, 0x7f, -1, -1, -1}, new byte[] {0x30, (byte) 0x80}, new byte[] {0x30, 2, 4, 5},
                signedKey(new byte[0], new byte[0]), signedKey(new byte[] {8, 9}, new byte[] {1})));
        byte[] good = signedKey();
        byte[] longer = new DERSequence(new ASN1Encodable[] {new DEROctetString(identity.publicKey().toProtobuf()),
            new DEROctetString(identity.sign(TlsCertificate.signed(pair.getPublic().getEncoded()))), new ASN1Integer(1)}).getEncoded();
        malformed.add(longer);
        for (int length = 0; length < good.length; length += 7) {
            malformed.add(java.util.Arrays.copyOf(good, length));
        }
        for (byte[] value : malformed) {
            assertRefused(certificate(HOUR.negated(), HOUR, extension(false, value)));
        }
    }

    @FuzzTest
    void anyCertificateIsJudgedOrRefused(byte[] encoded) {
        try {
            TlsPeerVerification.verify(parse(encoded));
        } catch (IOException | CertificateException expected) {
            // the only ways to fail
        }
    }

    static List<Vector> vectors() throws IOException {
        List<Vector> vectors = new ArrayList<>();
        try (var in = TlsPeerVerificationTest.class.getResourceAsStream("tls-certificates.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                String[] words = line.split(" ");
                if (!words[0].equals("#")) {
                    vectors.add(new Vector(words[0], words[1], HexFormat.of().parseHex(words[2])));
                }
            }
        }
        assertEquals(4, vectors.size());
        return vectors;
    }

    private static void assertRefused(X509Certificate certificate) {
        assertThrows(MalformedException.class, () -> TlsPeerVerification.verify(certificate));
    }

    private static X509Certificate parse(byte[] encoded) throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    private static Extension extension(boolean critical, byte[] value) {
        return new Extension(new ASN1ObjectIdentifier(TlsCertificate.EXTENSION), critical, value);
    }

    private byte[] signedKey() throws IOException {
        return signedKey(identity.publicKey().toProtobuf(), identity.sign(TlsCertificate.signed(pair.getPublic().getEncoded())));
    }

    private static byte[] signedKey(byte[] key, byte[] signature) throws IOException {
        return new DERSequence(new ASN1Encodable[] {new DEROctetString(key), new DEROctetString(signature)}).getEncoded();
    }

    private X509Certificate certificate(Duration from, Duration to, Extension... extensions) throws Exception {
        return parse(encode(from, to, pair, extensions));
    }

    private byte[] encode(Duration from, Duration to, KeyPair signer, Extension[] extensions) throws Exception {
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(1));
        generator.setSignature(algorithm);
        generator.setIssuer(new X500Name("CN=test"));
        generator.setSubject(new X500Name("CN=test"));
        generator.setStartDate(new Time(Date.from(NOW.plus(from))));
        generator.setEndDate(new Time(Date.from(NOW.plus(to))));
        generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
        generator.setExtensions(Extensions.getInstance(new DERSequence(extensions)));
        ASN1Encodable body = generator.generateTBSCertificate();
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(signer.getPrivate());
        signature.update(body.toASN1Primitive().getEncoded());
        return new DERSequence(new ASN1Encodable[] {body, algorithm, new DERBitString(signature.sign())}).getEncoded();
    }
}
