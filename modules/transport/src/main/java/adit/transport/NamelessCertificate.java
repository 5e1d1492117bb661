package adit.transport;

import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.Set;

/** A certificate without an issuer's name: its own bytes and signature, the rest as the JDK reads it from a copy with a name. */
final class NamelessCertificate extends X509Certificate {
    private static final long serialVersionUID = 1L;

    private final byte[] encoded;
    private final byte[] signed;
    private final X509Certificate named;

    /**
     * @param encoded the certificate itself
     * @param signed the part of it that its signature is over
     * @param named the same with names
     */
    NamelessCertificate(byte[] encoded, byte[] signed, X509Certificate named) {
        this.encoded = encoded;
        this.signed = signed;
        this.named = named;
    }

    @Override public byte[] getEncoded() {
        return encoded.clone();
    }

    @Override public byte[] getTBSCertificate() {
        return signed.clone();
    }

    @Override public void verify(PublicKey key) throws NoSuchAlgorithmException, InvalidKeyException, SignatureException {
        Signature signature = Signature.getInstance(getSigAlgName());
        signature.initVerify(key);
        signature.update(signed);
        if (!signature.verify(getSignature())) {
            throw new SignatureException("the certificate's signature is wrong");
        }
    }

    @Override public void verify(PublicKey key, String provider) throws NoSuchAlgorithmException, InvalidKeyException, SignatureException {
        verify(key);
    }

    @Override public String toString() {
        return "nameless certificate, else as " + named;
    }

    @Override public void checkValidity() throws CertificateExpiredException, CertificateNotYetValidException {
        named.checkValidity();
    }

    @Override public void checkValidity(Date date) throws CertificateExpiredException, CertificateNotYetValidException {
        named.checkValidity(date);
    }

    @Override public int getVersion() {
        return named.getVersion();
    }

    @Override public BigInteger getSerialNumber() {
        return named.getSerialNumber();
    }

    @Override public Date getNotBefore() {
        return named.getNotBefore();
    }

    @Override public Date getNotAfter() {
        return named.getNotAfter();
    }

    @Override public byte[] getSignature() {
        return named.getSignature();
    }

    @Override public String getSigAlgName() {
        return named.getSigAlgName();
    }

    @Override public String getSigAlgOID() {
        return named.getSigAlgOID();
    }

    @Override public byte[] getSigAlgParams() {
        return named.getSigAlgParams();
    }

    @Override public boolean[] getIssuerUniqueID() {
        return named.getIssuerUniqueID();
    }

    @Override public boolean[] getSubjectUniqueID() {
        return named.getSubjectUniqueID();
    }

    @Override public boolean[] getKeyUsage() {
        return named.getKeyUsage();
    }

    @Override public int getBasicConstraints() {
        return named.getBasicConstraints();
    }

    @Override public PublicKey getPublicKey() {
        return named.getPublicKey();
    }

    @Override public boolean hasUnsupportedCriticalExtension() {
        return named.hasUnsupportedCriticalExtension();
    }

    @Override public Set<String> getCriticalExtensionOIDs() {
        return named.getCriticalExtensionOIDs();
    }

    @Override public Set<String> getNonCriticalExtensionOIDs() {
        return named.getNonCriticalExtensionOIDs();
    }

    @Override public byte[] getExtensionValue(String oid) {
        return named.getExtensionValue(oid);
    }

    @SuppressWarnings("deprecation") // abstract in X509Certificate, so it must be there
    @Override public Principal getIssuerDN() {
        return named.getIssuerDN();
    }

    @SuppressWarnings("deprecation") // abstract in X509Certificate, so it must be there
    @Override public Principal getSubjectDN() {
        return named.getSubjectDN();
    }
}
