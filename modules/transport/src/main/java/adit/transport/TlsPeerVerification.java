package adit.transport;

import adit.identity.PeerId;
import adit.identity.PublicKey;
import adit.multiformats.MalformedException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Decides about the remote peer's certificate during one handshake (libp2p tls specification, section "Peer
 * Authentication"): who it proves to be, and whether that is the peer expected.
 */
final class TlsPeerVerification extends X509ExtendedTrustManager {
    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;

    private final PeerId expected;
    private PublicKey remoteKey;
    private IOException failure;

    /** @param expected null when anyone will do */
    TlsPeerVerification(PeerId expected) {
        this.expected = expected;
    }

    /** The identity key proved; null before the certificate was accepted. */
    PublicKey remoteKey() {
        return remoteKey;
    }

    /** Why the certificate was refused; null when it was not. */
    IOException failure() {
        return failure;
    }

    /**
     * The identity key that a certificate proves.
     *
     * @throws MalformedException the certificate breaks a rule of the specification
     */
    static PublicKey verify(X509Certificate certificate) throws MalformedException {
        byte[] subjectKey;
        try {
            certificate.checkValidity();
            certificate.verify(certificate.getPublicKey());
            subjectKey = certificate.getPublicKey().getEncoded();
        } catch (GeneralSecurityException e) {
            throw new MalformedException("tls: certificate is not valid now or not signed by itself", e);
        }
        Set<String> critical = certificate.getCriticalExtensionOIDs();
        if (critical != null && !Set.of(TlsCertificate.EXTENSION).containsAll(critical)) {
            throw new MalformedException("tls: certificate has unknown critical extensions");
        }
        if (certificate.getIssuerUniqueID() != null || certificate.getSubjectUniqueID() != null) {
            throw new MalformedException("tls: certificate has a unique id");
        }
        byte[] extension = certificate.getExtensionValue(TlsCertificate.EXTENSION);
        if (extension == null) {
            throw new MalformedException("tls: certificate lacks the libp2p extension");
        }
        return verify(ByteBuffer.wrap(extension), subjectKey);
    }

    /* OCTET STRING { SignedKey SEQUENCE { publicKey OCTET STRING, signature OCTET STRING } } */
    private static PublicKey verify(ByteBuffer extension, byte[] subjectKey) throws MalformedException {
        ByteBuffer signedKey = element(element(extension, OCTET_STRING), SEQUENCE);
        ByteBuffer publicKey = element(signedKey, OCTET_STRING);
        ByteBuffer signature = element(signedKey, OCTET_STRING);
        if (signedKey.hasRemaining()) {
            throw new MalformedException("tls: SignedKey has more than two elements");
        }
        PublicKey key = PublicKey.fromProtobuf(bytes(publicKey));
        if (!key.verify(TlsCertificate.signed(subjectKey), bytes(signature))) {
            throw new MalformedException("tls: the identity key did not sign the certificate's key");
        }
        return key;
    }

    /** The contents of the next DER element, whose tag is given; lengths of up to two bytes, as a record cannot hold more. */
    private static ByteBuffer element(ByteBuffer in, int tag) throws MalformedException {
        if (in.remaining() < 2 || (in.get() & 0xff) != tag) {
            throw new MalformedException("tls: SignedKey has not the form specified");
        }
        int length = in.get() & 0xff;
        if (length >= 0x80) {
            int octets = length & 0x7f;
            if (octets < 1 || octets > 2 || in.remaining() < octets) {
                throw new MalformedException("tls: SignedKey has not the form specified");
            }
            length = octets == 1 ? in.get() & 0xff : in.getShort() & 0xffff;
        }
        if (length > in.remaining()) {
            throw new MalformedException("tls: SignedKey is cut off");
        }
        ByteBuffer contents = in.slice(in.position(), length);
        in.position(in.position() + length);
        return contents;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private void check(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
        // An invalid session is never resumed: no tickets are sent, none are used, nothing is cached.
        engine.getHandshakeSession().invalidate();
        try {
            if (chain.length != 1) {
                throw new MalformedException("tls: " + chain.length + " certificates where one is allowed");
            }
            PublicKey key = verify(chain[0]);
            PeerId actual = PeerId.of(key);
            if (expected != null && !expected.equals(actual)) {
                throw new PeerMismatchException(expected, actual);
            }
            remoteKey = key;
        } catch (IOException e) {
            failure = e;
            throw new CertificateException(e);
        }
    }

    // ---- as JSSE asks for it

    @Override public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        check(chain, engine);
    }

    @Override public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        check(chain, engine);
    }

    /** No authority is trusted; the peers prove who they are. */
    @Override public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    @Override public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
        throw new UnsupportedOperationException("engines only");
    }

    @Override public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
        throw new UnsupportedOperationException("engines only");
    }

    @Override public void checkClientTrusted(X509Certificate[] chain, String authType) {
        throw new UnsupportedOperationException("engines only");
    }

    @Override public void checkServerTrusted(X509Certificate[] chain, String authType) {
        throw new UnsupportedOperationException("engines only");
    }
}
