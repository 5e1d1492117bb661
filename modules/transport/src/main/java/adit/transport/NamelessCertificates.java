package adit.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.NoSuchProviderException;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CRL;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateFactorySpi;
import java.security.cert.CRLException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERSequence;

/**
 * Lets JSSE accept certificates without an issuer's name, as js-libp2p makes them (the libp2p tls specification says
 * nothing of names). JSSE asks the process for a certificate factory and cannot be given one, so this one must be
 * registered with the JDK: the one piece of process-wide state in adit, set once, the same for every connection.
 */
final class NamelessCertificates extends Provider {
    private static final long serialVersionUID = 1L;
    private static final String NAME = "adit-nameless-certificates";
    private static final int MAXIMUM_BYTES = 16 * 1024;
    private static final int ISSUER = 3;
    private static final int SUBJECT = 5;
    private static final byte[] ANY_NAME = Der.sequence(Der.set(Der.sequence(Der.objectIdentifier("2.5.4.3"), Der.utf8String("nameless"))));

    private NamelessCertificates() {
        super(NAME, "1", "certificates without an issuer's name");
        putService(new Service(this, "CertificateFactory", "X.509", Factory.class.getName(), List.of(), null) {
            @Override public Object newInstance(Object parameter) {
                return new Factory();
            }
        });
    }

    /** Registers the factory in front of the JDK's. Idempotent. */
    static void allow() {
        Security.insertProviderAt(new NamelessCertificates(), 1);
    }

    /** The JDK's factory, but for certificates without an issuer. */
    private static final class Factory extends CertificateFactorySpi {
        private final CertificateFactory jdk;

        Factory() {
            try {
                jdk = CertificateFactory.getInstance("X.509", "SUN");
            } catch (CertificateException | NoSuchProviderException e) {
                throw new IllegalStateException("every JDK reads certificates", e);
            }
        }

        @Override public Certificate engineGenerateCertificate(InputStream in) throws CertificateException {
            byte[] encoded;
            try {
                encoded = in.readNBytes(MAXIMUM_BYTES);
            } catch (IOException e) {
                throw new CertificateException(e);
            }
            try {
                return parse(encoded);
            } catch (CertificateException e) {
                return nameless(encoded, e);
            }
        }

        private Certificate parse(byte[] encoded) throws CertificateException {
            return jdk.generateCertificate(new ByteArrayInputStream(encoded));
        }

        /*
         * Certificate    SEQUENCE { TBSCertificate, signatureAlgorithm, signature }                      (RFC 5280 section 4.1)
         * TBSCertificate SEQUENCE { [0] version, serialNumber, signature, issuer, validity, subject, … }
         *
         * Puts names into a copy, so that the JDK reads all the rest of it; the copy's signature no longer fits.
         */
        private Certificate nameless(byte[] encoded, CertificateException cause) throws CertificateException {
            try {
                ASN1Encodable[] parts = ASN1Sequence.getInstance(encoded).toArray();
                ASN1Sequence signed = ASN1Sequence.getInstance(parts[0]);
                ASN1Encodable[] fields = signed.toArray();
                if (ASN1Sequence.getInstance(fields[ISSUER]).size() > 0) {
                    throw cause;
                }
                fields[ISSUER] = ASN1Sequence.getInstance(ANY_NAME);
                fields[SUBJECT] = fields[ISSUER];
                parts[0] = new DERSequence(fields);
                return new NamelessCertificate(encoded, signed.getEncoded(), (X509Certificate) parse(new DERSequence(parts).getEncoded()));
            } catch (IOException | RuntimeException e) {
                cause.addSuppressed(e);
                throw cause;
            }
        }

        @Override public Collection<? extends Certificate> engineGenerateCertificates(InputStream in) throws CertificateException {
            return jdk.generateCertificates(in);
        }

        @Override public CRL engineGenerateCRL(InputStream in) throws CRLException {
            return jdk.generateCRL(in);
        }

        @Override public Collection<? extends CRL> engineGenerateCRLs(InputStream in) throws CRLException {
            return jdk.generateCRLs(in);
        }
    }
}
