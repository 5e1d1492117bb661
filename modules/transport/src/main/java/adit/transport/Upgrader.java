package adit.transport;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.util.List;

/**
 * Makes a raw channel an authenticated one with an agreed muxer (libp2p connections specification, section "Upgrading
 * Connections"): multistream-select for the security protocol, its handshake, and the muxer, inside the handshake where
 * both can and else by multistream-select again. Thread-safe; one serves the whole process.
 *
 * <p>The keys, certificates and signatures of a security protocol are made when it is first wanted: they took as long as half of a daemon's start.
 */
final class Upgrader {
    /** Protocol id of the only muxer there is. */
    static final String MUXER = "/yamux/1.0.0";

    private final List<String> security;
    private final PrivateKey identity;
    private final BufferPool pool;
    private NoiseHandshake noise;
    private TlsHandshake tls;

    Upgrader(PrivateKey identity, TransportSettings settings, BufferPool pool) {
        this.identity = identity;
        this.pool = pool;
        security = settings.security();
    }

    /** Makes what the protocol of choice needs, so that no handshake waits for it. Blocks while it computes. */
    void prepare() {
        if (security.getFirst().equals(TlsHandshake.PROTOCOL)) {
            tls();
        } else {
            noise();
        }
    }

    private synchronized NoiseHandshake noise() {
        if (noise == null) {
            noise = new NoiseHandshake(identity, List.of(MUXER), pool);
        }
        return noise;
    }

    private synchronized TlsHandshake tls() {
        if (tls == null) {
            // The order of offer follows the CPU: who puts noise, that is ChaCha20, first has no AES instructions.
            boolean slowAes = security.getFirst().equals(NoiseHandshake.PROTOCOL);
            tls = new TlsHandshake(identity, List.of(MUXER), slowAes, pool);
        }
        return tls;
    }

    /**
     * Blocks until the channel is ready; has no timeout of its own: to give up, close raw.
     *
     * @param raw blocking; on failure it is closed
     * @param expected the peer this must be, null for any
     * @throws PeerMismatchException the remote peer proved another identity; it got no data
     * @throws ProtocolNotSupportedException no security protocol or no muxer in common
     */
    SecureChannel secure(ByteChannel raw, Role role, PeerId expected) throws IOException {
        try {
            SecureChannel channel = handshake(raw, role, expected);
            return channel.earlyMuxer().isPresent() ? channel : MuxedChannel.negotiate(channel, role);
        } catch (IOException | RuntimeException e) {
            try {
                raw.close();
            } catch (IOException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    private SecureChannel handshake(ByteChannel raw, Role role, PeerId expected) throws IOException {
        ChannelInput in = new ChannelInput(raw);
        ChannelOutput out = new ChannelOutput(raw);
        String protocol = role == Role.INITIATOR
                ? Multistream.propose(in, out, security) : Multistream.accept(in, out, security::contains);
        return switch (protocol) {
            case NoiseHandshake.PROTOCOL -> noise().perform(raw, role, expected);
            case TlsHandshake.PROTOCOL -> tls().perform(raw, role, expected);
            default -> throw new IllegalStateException("in the settings but unknown: " + protocol);
        };
    }
}
