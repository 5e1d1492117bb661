package adit.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import java.io.ByteArrayInputStream;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Certificates as js-libp2p makes them, without an issuer's name. */
@Timeout(30)
final class NamelessCertificateTest {
    /** Made by js-libp2p's tls module 3.1.10. */
    private static final byte[] NAMELESS = Base64.getMimeDecoder().decode("""
            MIIBdzCCAR2gAwIBAgIII5R3SAk4AkcwCgYIKoZIzj0EAwIwADAgFw0yNjExMjMy
            MjExNTZaGA8yMTI2MTAzMDIzMTE1NlowADBZMBMGByqGSM49AgEGCCqGSM49AwEH
            A0IABO85ZyXPmRKm3WzDujaMxblAYH3prkIu975NmJVWJpTU10uzAgCxvQ3foOE1
            nxfBKPpywkUE6GVe8xngNJPgco2jfzB9MHsGCisGAQQBg6JaAQEBAf8EajBoBCQI
            ARIgqu2pTfHHPImGO7txH1Dk9llEmQLCK6nczC6rIxwS570EQP3WaLkmsg/r6TB9
            t2lfeFWJzGRMbtaeNHLxZj4EkOASMZxRt4iC+P4UBbzyLbAR5rGQq0BThxOISdGK
            3V6v8A4wCgYIKoZIzj0EAwIDSAAwRQIhANiKUy3/vsFEjMIjltpkCDn6Iz+Iq90c
            d3HXk5+P5zCZAiB240DuCRGQJQUrAGs8Cewnoq9riDeY94yDknkyP5n5ZQ==
            """);

    @BeforeEach
    void allow() {
        NamelessCertificates.allow();
    }

    private static X509Certificate parse(byte[] encoded) throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    @Test
    void isReadAndProvesItsPeer() throws Exception {
        X509Certificate certificate = parse(NAMELESS);
        assertArrayEquals(NAMELESS, certificate.getEncoded());
        assertEquals("12D3KooWMKbfbnMwzQsVRR73VKybvKsFpzR1NxMTGGY7NeUD6xkU", PeerId.of(TlsPeerVerification.verify(certificate)).toString());
    }

    @Test
    void aChangedByteBreaksItsSignature() throws Exception {
        byte[] changed = NAMELESS.clone();
        int inSerialNumber = 16;
        changed[inSerialNumber] ^= 1;
        X509Certificate certificate = parse(changed);
        assertThrows(SignatureException.class, () -> certificate.verify(certificate.getPublicKey()));
    }

    @Test
    void garbageIsRefusedAsTheJdkDoes() {
        assertThrows(CertificateException.class, () -> parse(new byte[] {1, 2, 3}));
        byte[] cut = java.util.Arrays.copyOf(NAMELESS, 100);
        assertThrows(CertificateException.class, () -> parse(cut));
    }

    @Test
    void certificatesWithNamesStayTheJdks() throws Exception {
        X509Certificate ours = TlsCertificate.generate(adit.identity.PrivateKey.generate()).certificate();
        assertTrue(parse(ours.getEncoded()).getClass().getName().startsWith("sun.security"));
    }
}
