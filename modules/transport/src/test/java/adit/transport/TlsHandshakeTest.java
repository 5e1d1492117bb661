package adit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import java.io.IOException;
import java.net.Socket;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our handshake against engines set up in other ways. */
@Timeout(20)
class TlsHandshakeTest {
    private static final List<String> MUXERS = List.of("/yamux/1.0.0");
    private static final String[] ALPN = {"/yamux/1.0.0", "libp2p"};

    private final BufferPool pool = new BufferPool(2);
    private final TlsHandshake ours = new TlsHandshake(SecurePair.LISTENER, MUXERS, false, pool);

    @Test void initiatorWithoutCertificateIsRefused() throws Exception {
        assertRefused(SSLHandshakeException.class, peer(Role.INITIATOR, new X509Certificate[0], "TLSv1.3", ALPN));
    }

    @Test void chainOfTwoCertificatesIsRefused() throws Exception {
        TlsCertificate certificate = TlsCertificate.generate(SecurePair.DIALER);
        X509Certificate[] chain = {certificate.certificate(), TlsCertificate.generate(SecurePair.DIALER).certificate()};
        for (Role role : Role.values()) {
            assertRefused(MalformedException.class, peer(role, certificate, chain, "TLSv1.3", ALPN));
        }
    }

    @Test void olderTlsIsRefused() throws Exception {
        for (Role role : Role.values()) {
            assertRefused(SSLException.class, peer(role, TlsCertificate.generate(SecurePair.DIALER), null, "TLSv1.2", ALPN));
        }
    }

    @Test void initiatorWithOtherApplicationsIsRefused() throws Exception {
        assertRefused(SSLException.class, peer(Role.INITIATOR, TlsCertificate.generate(SecurePair.DIALER), null, "TLSv1.3", "h2"));
    }

    @Test void peerWithoutApplicationsNegotiatesTheMuxerLater() throws Exception {
        for (Role role : Role.values()) {
            SSLEngine engine = peer(role, TlsCertificate.generate(SecurePair.DIALER), null, "TLSv1.3");
            try (Loopback wire = Loopback.open(); TlsChannel channel = handshake(wire, engine)) {
                assertEquals(Optional.empty(), channel.earlyMuxer());
                assertEquals(SecurePair.DIALER.publicKey(), channel.remoteKey());
            }
        }
    }

    @Test void oneSlowAesIsEnoughForChaCha() throws Exception {
        assertEquals("TLS_AES_128_GCM_SHA256", cipherSuite(false, false));
        assertEquals("TLS_CHACHA20_POLY1305_SHA256", cipherSuite(true, false));
        assertEquals("TLS_CHACHA20_POLY1305_SHA256", cipherSuite(false, true));
    }

    private String cipherSuite(boolean slowInitiator, boolean slowResponder) throws Exception {
        SSLEngine initiator = new TlsHandshake(SecurePair.DIALER, MUXERS, slowInitiator, pool)
                .engine(Role.INITIATOR, new TlsPeerVerification(null));
        try (Loopback wire = Loopback.open()) {
            FutureTask<TlsChannel> responder = Loopback.start(() -> new TlsHandshake(SecurePair.LISTENER, MUXERS, slowResponder, pool)
                    .perform(wire.listener(), Role.RESPONDER, null));
            new TlsHandshake.Exchange(wire.dialer(), initiator).run();
            SecurePair.get(responder).close();
            return initiator.getSession().getCipherSuite();
        }
    }

    @Test void refusedPeerIsTold() throws Exception {
        try (Loopback wire = Loopback.open()) {
            FutureTask<TlsChannel> refusing = Loopback.start(
                    () -> ours.perform(wire.listener(), Role.INITIATOR, PrivateKey.generate().peerId()));
            var told = assertThrows(SSLException.class, () -> new TlsHandshake.Exchange(wire.dialer(),
                    peer(Role.RESPONDER, TlsCertificate.generate(SecurePair.DIALER), null, "TLSv1.3", ALPN)).run());
            assertTrue(told.getMessage().contains("certificate_unknown"), told.getMessage());
            assertThrows(PeerMismatchException.class, () -> SecurePair.get(refusing));
        }
    }

    @Test void noServerNameIsSent() throws Exception {
        SSLEngine engine = ours.engine(Role.INITIATOR, new TlsPeerVerification(null));
        assertEquals(null, engine.getPeerHost());
        assertEquals(null, engine.getSSLParameters().getServerNames());
    }

    @Test void recordThatNeverFitsIsRefused() throws Exception {
        try (Loopback wire = Loopback.open()) {
            FutureTask<TlsChannel> responder = Loopback.start(() -> ours.perform(wire.listener(), Role.RESPONDER, null));
            byte[] record = new byte[40_000];
            System.arraycopy(new byte[] {22, 3, 1, 0x7f, -1, 1}, 0, record, 0, 6);
            wire.send(record);
            assertThrows(IOException.class, () -> SecurePair.get(responder));
        }
    }

    private void assertRefused(Class<? extends IOException> type, SSLEngine peer) throws Exception {
        try (Loopback wire = Loopback.open()) {
            assertThrows(type, () -> handshake(wire, peer));
        }
        assertEquals(0, pool.lent());
    }

    private TlsChannel handshake(Loopback wire, SSLEngine peer) throws Exception {
        FutureTask<Void> other = Loopback.start(() -> {
            TlsHandshake.Exchange exchange = new TlsHandshake.Exchange(wire.dialer(), peer);
            try {
                exchange.run();
            } catch (IOException e) {
                exchange.sendAlert(e);
            }
            return null;
        });
        TlsChannel channel = ours.perform(wire.listener(), peer.getUseClientMode() ? Role.RESPONDER : Role.INITIATOR, null);
        other.get();
        return channel;
    }

    private static SSLEngine peer(Role role, X509Certificate[] chain, String version, String... applications) throws Exception {
        return peer(role, TlsCertificate.generate(SecurePair.DIALER), chain, version, applications);
    }

    /** @param chain shown instead of the certificate's own unless null */
    private static SSLEngine peer(Role role, TlsCertificate certificate, X509Certificate[] chain, String version, String... applications)
            throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager key = chain == null ? certificate : new Impostor(certificate, chain);
        context.init(new KeyManager[] {key}, new TrustManager[] {new TlsPeerVerification(null)}, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(role == Role.INITIATOR);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(applications);
        parameters.setNeedClientAuth(role == Role.RESPONDER);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Shows a chain of its choice, or none. */
    private static final class Impostor extends X509ExtendedKeyManager {
        private final TlsCertificate certificate;
        private final X509Certificate[] chain;

        Impostor(TlsCertificate certificate, X509Certificate[] chain) {
            this.certificate = certificate;
            this.chain = chain;
        }

        @Override public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            return chain.length == 0 ? null : certificate.chooseEngineClientAlias(keyTypes, issuers, engine);
        }

        @Override public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return certificate.chooseEngineServerAlias(keyType, issuers, engine);
        }

        @Override public X509Certificate[] getCertificateChain(String alias) {
            return chain;
        }

        @Override public java.security.PrivateKey getPrivateKey(String alias) {
            return certificate.getPrivateKey(alias);
        }

        @Override public String[] getClientAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override public String[] getServerAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
