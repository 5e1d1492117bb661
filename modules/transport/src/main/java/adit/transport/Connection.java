package adit.transport;

import adit.identity.PeerId;
import adit.identity.PublicKey;
import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** An authenticated connection to one peer that carries many streams. */
public interface Connection {
    /** Starts reading. Each stream the remote peer opens runs the handler on a thread of its own; onClose is called once with the reason. */
    void start(StreamHandler handler, Consumer<String> onClose);

    /** This side's peer id. */
    PeerId localPeer();

    /** The peer id that the remote peer proved in the handshake. */
    PeerId remotePeer();

    /** The key behind {@link #remotePeer}. */
    PublicKey remoteKey();

    /** Our end, without /p2p; over a relay the same as {@link #remoteAddress}. */
    Multiaddr localAddress();

    /** The remote end, without /p2p; over a relay the relay's address and id, then /p2p-circuit. */
    Multiaddr remoteAddress();

    /** Who dialled. */
    Direction direction();

    /** How its bytes travel. */
    ConnectionPath path();

    /** What the relay of a relayed connection allows it; no limit for others. */
    CircuitLimit limit();

    /** Protocol id of the security layer: "/tls/1.0.0" or "/noise". */
    String security();

    /** Protocol id of the muxer: "/yamux/1.0.0". */
    String muxer();

    /** When the handshake ended. */
    Instant opened();

    /** The last measured round trip; zero before the first. */
    Duration roundTrip();

    /** Opens a stream without negotiating its protocol. Blocks while too many of ours are unacknowledged, at most the handshake timeout. */
    Stream openStream() throws IOException;

    /**
     * Opens a stream for a protocol the remote peer is known to speak: proposal and first data go out without waiting
     * for the answer, which is checked at the first read (multistream-select, lazy). A refusal resets the stream.
     */
    Stream openStreamLazily(String protocol) throws IOException;

    /** Asks the remote peer for a sign of life, at most every few seconds: without one the connection ends soon. Never blocks. */
    void probe();

    /** Streams that are open now. */
    List<Stream> streams();

    /** False from the first moment of closing on. */
    boolean isOpen();

    /** Tells the remote peer (go away), resets the streams, closes the socket. Idempotent, never throws, bounded in time. */
    void close(String reason);
}
