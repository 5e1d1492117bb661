package adit.transport;

import adit.identity.PublicKey;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * An encrypted, authenticated byte channel: what a security handshake leaves behind. One thread may read while another
 * writes; the callers see to it that there is never more than one of each.
 */
interface SecureChannel extends Closeable {
    /** Bytes that {@link #write} may overwrite in front of the plaintext (Noise: the record's length). */
    int HEADROOM = 2;

    /** Bytes that {@link #write} may overwrite behind the plaintext (the authentication tag). */
    int TAILROOM = 16;

    /** Most plaintext bytes one {@link #write} takes: a full Noise record. */
    int MAXIMUM_PLAINTEXT = 65_535 - TAILROOM;

    /** Protocol id: "/tls/1.0.0" or "/noise". */
    String protocol();

    /** The remote peer's identity key, proved in the handshake. */
    PublicKey remoteKey();

    /** The muxer agreed on inside the handshake (ALPN, Noise extension); empty when it is still to be negotiated. */
    Optional<String> earlyMuxer();

    /**
     * Blocks until some plaintext has arrived; the caller releases the buffer. While it waits on an idle connection it
     * holds no pooled buffer.
     *
     * @return null at the end of the connection, announced or not
     * @throws IOException the record is forged or malformed, or the socket failed
     */
    Segment read() throws IOException;

    /** Encrypts in place (see the rooms above; the plaintext is destroyed) and writes it out whole. Blocks. */
    void write(byte[] buffer, int offset, int length) throws IOException;

    /** Announces the end where the protocol can without waiting, and closes the underlying channel. Idempotent. */
    @Override void close() throws IOException;
}
