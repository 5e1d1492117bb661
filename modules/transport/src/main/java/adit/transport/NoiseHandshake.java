package adit.transport;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.identity.PublicKey;
import adit.multiformats.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ByteChannel;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * The handshake of {@code /noise} (libp2p noise specification). One static key serves the whole process: it is made at
 * start, signed once, and never leaves memory.
 */
final class NoiseHandshake {
    /** Protocol id. */
    static final String PROTOCOL = "/noise";

    /** An RSA identity of 8192 bits fits several times over. */
    private static final int MAXIMUM_MESSAGE_BYTES = 8192;

    private static final byte[] NO_PAYLOAD = {};

    private final SecureRandom random = new SecureRandom();
    private final byte[] staticKey = NoiseHandshakeState.generatePrivateKey(random);
    private final byte[] payload;
    private final List<String> muxers;
    private final BufferPool pool;

    /** @param muxers best first; none leaves the muxer to be negotiated later */
    NoiseHandshake(PrivateKey identity, List<String> muxers, BufferPool pool) {
        this.muxers = muxers;
        this.pool = pool;
        payload = NoisePayload.sign(identity, NoiseHandshakeState.publicKey(staticKey), muxers).encode();
    }

    /**
     * Blocks until the handshake has succeeded; reads not one byte beyond it. As initiator it fails before it tells the
     * remote peer who we are.
     *
     * @param expected null when anyone will do
     * @throws PeerMismatchException the remote peer proved another identity
     * @throws ProtocolNotSupportedException it has muxers, but none of ours
     */
    NoiseChannel perform(ByteChannel raw, Role role, PeerId expected) throws IOException {
        InputStream in = new ChannelInput(raw);
        OutputStream out = new ChannelOutput(raw);
        NoiseHandshakeState state = new NoiseHandshakeState(role, staticKey, random);
        NoisePayload remote;
        PublicKey remoteKey;
        if (role == Role.INITIATOR) {
            write(out, state.writeMessage(NO_PAYLOAD));
            remote = NoisePayload.decode(state.readMessage(read(in)));
            remoteKey = verify(remote, state, expected);
            write(out, state.writeMessage(payload));
        } else {
            // Nothing vouches for a payload in the first message, so it is ignored.
            state.readMessage(read(in));
            write(out, state.writeMessage(payload));
            remote = NoisePayload.decode(state.readMessage(read(in)));
            remoteKey = verify(remote, state, expected);
        }
        return new NoiseChannel(raw, pool, state, remoteKey, chooseMuxer(remote.muxers()));
    }

    private static PublicKey verify(NoisePayload remote, NoiseHandshakeState state, PeerId expected) throws IOException {
        PublicKey key = remote.verify(state.remoteStatic());
        PeerId actual = PeerId.of(key);
        if (expected != null && !expected.equals(actual)) {
            throw new PeerMismatchException(expected, actual);
        }
        return key;
    }

    /* libp2p inlined muxer negotiation; with one muxer of our own, whose preference counts does not matter */
    private Optional<String> chooseMuxer(List<String> offered) throws ProtocolNotSupportedException {
        if (offered.isEmpty() || muxers.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(offered.stream().filter(muxers::contains).findFirst().orElseThrow(
                () -> new ProtocolNotSupportedException("the remote peer has no muxer of " + String.join(", ", muxers))));
    }

    /* message: length (2 bytes, big-endian), noise handshake message */
    private static byte[] read(InputStream in) throws IOException {
        byte[] header = in.readNBytes(2);
        int length = header.length < 2 ? 0 : (header[0] & 0xff) << 8 | header[1] & 0xff;
        if (length > MAXIMUM_MESSAGE_BYTES) {
            throw new MalformedException("noise: handshake message of " + length + " bytes");
        }
        byte[] message = in.readNBytes(length);
        if (header.length < 2 || message.length < length) {
            throw new EOFException("the remote peer ended during the noise handshake");
        }
        return message;
    }

    private static void write(OutputStream out, byte[] message) throws IOException {
        byte[] framed = new byte[2 + message.length];
        framed[0] = (byte) (message.length >> 8);
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        out.write(framed);
    }
}
