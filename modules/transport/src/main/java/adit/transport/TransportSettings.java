package adit.transport;

import java.time.Duration;
import java.util.List;

/**
 * Limits and timeouts of the transport.
 *
 * @param security protocol ids in the order in which the dialler proposes them
 * @param dialTimeout for the TCP connect of one address
 * @param handshakeTimeout for everything between TCP connect and a usable connection, and for negotiating one stream
 * @param keepAlive an idle connection is pinged this often
 * @param pingTimeout a ping unanswered for this long ends the connection
 * @param writeTimeout a write to the peer's socket that makes no progress for this long ends the connection
 * @param maximumWindow a stream's receive window grows up to this, bytes
 * @param receiveBudget memory for received data that waits for its readers, whole process, bytes; see {@link ReceiveBudget}
 * @param maximumInboundStreams streams the remote peer may have open on one connection
 * @param maximumNegotiatingStreams streams the remote peer opened whose protocol is not agreed on yet, per connection
 * @param maximumUnacknowledgedStreams our own streams the remote peer has not acknowledged yet, per connection
 * @param maximumPendingHandshakes inbound connections in their handshake, whole process
 * @param bufferPool unused buffers kept, in buffers
 */
public record TransportSettings(
        List<String> security,
        Duration dialTimeout,
        Duration handshakeTimeout,
        Duration keepAlive,
        Duration pingTimeout,
        Duration writeTimeout,
        int maximumWindow,
        long receiveBudget,
        int maximumInboundStreams,
        int maximumNegotiatingStreams,
        int maximumUnacknowledgedStreams,
        int maximumPendingHandshakes,
        int bufferPool) {

    /** What the daemon uses unless told otherwise. */
    public static TransportSettings defaults() {
        return new TransportSettings(securityFor(Processor.hasAes()), Duration.ofSeconds(5), Duration.ofSeconds(10),
                Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(30), 16 << 20, 48L << 20,
                16_384, 512, 256, 64, 32);
    }

    /** What is fastest first: TLS with AES where the processor has instructions for it, else Noise, which has ChaCha20. */
    static List<String> securityFor(boolean hasAes) {
        return hasAes ? List.of(TlsHandshake.PROTOCOL, NoiseHandshake.PROTOCOL) : List.of(NoiseHandshake.PROTOCOL, TlsHandshake.PROTOCOL);
    }

    /** These settings with another order of security protocols. */
    public TransportSettings withSecurity(List<String> protocols) {
        return new TransportSettings(protocols, dialTimeout, handshakeTimeout, keepAlive, pingTimeout, writeTimeout, maximumWindow,
                receiveBudget, maximumInboundStreams, maximumNegotiatingStreams, maximumUnacknowledgedStreams,
                maximumPendingHandshakes, bufferPool);
    }
}
