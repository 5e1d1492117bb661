package adit.transport;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/** The handshake of {@code /tls/1.0.0} (libp2p tls specification): TLS 1.3 where both sides show a certificate. */
final class TlsHandshake {
    /** Protocol id. */
    static final String PROTOCOL = "/tls/1.0.0";

    /** The ALPN name that leaves the muxer to be negotiated. */
    private static final String NO_MUXER = "libp2p";

    private static final String[] AES_FIRST =
            {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"};
    private static final String[] CHACHA_FIRST =
            {"TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"};

    private static final ByteBuffer NO_DATA = ByteBuffer.allocate(0);

    private final TlsCertificate certificate;
    private final SecureRandom random = new SecureRandom();
    private final List<String> muxers;
    private final boolean slowAes;
    private final BufferPool pool;

    /**
     * @param muxers best first; none leaves the muxer to be negotiated later
     * @param slowAes this machine computes ChaCha20 faster than AES: then that is what both sides use
     */
    TlsHandshake(PrivateKey identity, List<String> muxers, boolean slowAes, BufferPool pool) {
        this.muxers = muxers;
        this.slowAes = slowAes;
        this.pool = pool;
        NamelessCertificates.allow();
        certificate = TlsCertificate.generate(identity);
    }

    /**
     * Blocks until the handshake has succeeded. As initiator it fails before it tells the remote peer who we are; when
     * the responder refuses us, only the first read of the channel shows that.
     *
     * @param expected null when anyone will do
     * @throws PeerMismatchException the remote peer proved another identity
     */
    TlsChannel perform(ByteChannel raw, Role role, PeerId expected) throws IOException {
        TlsPeerVerification verification = new TlsPeerVerification(expected);
        Exchange exchange = new Exchange(raw, engine(role, verification));
        try {
            exchange.run();
        } catch (IOException e) {
            exchange.sendAlert(e);
            throw verification.failure() != null ? verification.failure() : e;
        }
        if (verification.remoteKey() == null) {
            throw new MalformedException("tls: the remote peer showed no certificate");
        }
        String application = exchange.engine.getApplicationProtocol();
        Optional<String> muxer = Optional.ofNullable(application).filter(muxers::contains);
        return new TlsChannel(raw, pool, exchange.engine, verification.remoteKey(), muxer, exchange.received.flip());
    }

    /**
     * Each connection has a context of its own: it is cheap beside the handshake, knows whom to expect, and nothing of
     * one connection can be resumed in another.
     */
    SSLEngine engine(Role role, TlsPeerVerification verification) {
        SSLEngine engine;
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(new KeyManager[] {certificate}, new TrustManager[] {verification}, random);
            engine = context.createSSLEngine();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
        engine.setUseClientMode(role == Role.INITIATOR);
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setCipherSuites(slowAes ? CHACHA_FIRST : AES_FIRST);
        // The responder chooses; unless our own AES is slow, it may be that of the initiator, who says so by its order.
        parameters.setUseCipherSuitesOrder(slowAes);
        parameters.setNeedClientAuth(true);
        parameters.setApplicationProtocols(Stream.concat(muxers.stream(), Stream.of(NO_MUXER)).toArray(String[]::new));
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** One handshake: what the engine wants done, until it is done. */
    static final class Exchange {
        private final ByteChannel raw;
        private final SSLEngine engine;
        private final ByteBuffer received;
        private final ByteBuffer sending;

        Exchange(ByteChannel raw, SSLEngine engine) {
            this.raw = raw;
            this.engine = engine;
            int record = engine.getSession().getPacketBufferSize();
            received = ByteBuffer.allocate(record);
            sending = ByteBuffer.allocate(record);
        }

        void run() throws IOException {
            engine.beginHandshake();
            HandshakeStatus status = engine.getHandshakeStatus();
            while (status != HandshakeStatus.FINISHED && status != HandshakeStatus.NOT_HANDSHAKING) {
                status = switch (status) {
                    case NEED_TASK -> runTasks();
                    case NEED_WRAP -> wrap();
                    default -> unwrap();
                };
            }
        }

        private HandshakeStatus runTasks() {
            Runnable task;
            while ((task = engine.getDelegatedTask()) != null) {
                task.run();
            }
            return engine.getHandshakeStatus();
        }

        private HandshakeStatus wrap() throws IOException {
            return progress(send(), HandshakeStatus.NEED_WRAP);
        }

        private SSLEngineResult send() throws IOException {
            sending.clear();
            SSLEngineResult result = engine.wrap(NO_DATA, sending);
            sending.flip();
            while (sending.hasRemaining()) {
                raw.write(sending);
            }
            return result;
        }

        private HandshakeStatus unwrap() throws IOException {
            received.flip();
            SSLEngineResult result = engine.unwrap(received, NO_DATA);
            received.compact();
            switch (result.getStatus()) {
                case BUFFER_UNDERFLOW -> receive();
                case BUFFER_OVERFLOW -> throw new MalformedException("tls: data within the handshake");
                default -> progress(result, HandshakeStatus.NEED_UNWRAP);
            }
            return result.getHandshakeStatus();
        }

        /** The loop must not spin on an engine that did nothing and wants the same again. */
        private static HandshakeStatus progress(SSLEngineResult result, HandshakeStatus wanted) throws IOException {
            if (result.bytesProduced() + result.bytesConsumed() == 0
                    && (result.getHandshakeStatus() == wanted || result.getStatus() == SSLEngineResult.Status.CLOSED)) {
                throw new EOFException("the remote peer ended during the tls handshake");
            }
            return result.getHandshakeStatus();
        }

        private void receive() throws IOException {
            if (!received.hasRemaining()) {
                throw new MalformedException("tls: record larger than allowed");
            }
            if (raw.read(received) < 0) {
                throw new EOFException("the remote peer ended during the tls handshake");
            }
        }

        /** Tells the remote peer, who would wait for ever, why there is no connection. */
        void sendAlert(IOException cause) {
            try {
                engine.closeOutbound();
                while (!engine.isOutboundDone() && send().bytesProduced() > 0) {
                    // each round sends one record
                }
            } catch (IOException alsoFailed) {
                cause.addSuppressed(alsoFailed);
            }
        }
    }
}
