package adit.transport;

import adit.identity.PublicKey;
import adit.multiformats.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Optional;

/**
 * A connection after its Noise handshake (libp2p noise specification, section "Wire Format"). Every write is one record,
 * sealed in place and written with one call.
 */
final class NoiseChannel implements SecureChannel, RecordInput.Opener {
    /*
     * record: length      2 bytes, big-endian: bytes that follow
     *         ciphertext  0 to 65519 bytes
     *         tag         16 bytes
     */
    private static final int LENGTH_BYTES = 2;

    private final ByteChannel raw;
    private final NoiseCipher sending;
    private final NoiseCipher receiving;
    private final RecordInput input;
    private final PublicKey remoteKey;
    private final Optional<String> earlyMuxer;

    NoiseChannel(ByteChannel raw, BufferPool pool, NoiseHandshakeState finished, PublicKey remoteKey, Optional<String> earlyMuxer) {
        this.raw = raw;
        this.remoteKey = remoteKey;
        this.earlyMuxer = earlyMuxer;
        sending = finished.sendingCipher();
        receiving = finished.receivingCipher();
        input = new RecordInput(raw, pool, this);
    }

    @Override public String protocol() {
        return NoiseHandshake.PROTOCOL;
    }

    @Override public PublicKey remoteKey() {
        return remoteKey;
    }

    @Override public Optional<String> earlyMuxer() {
        return earlyMuxer;
    }

    @Override public Segment read() throws IOException {
        return input.read();
    }

    @Override public void write(byte[] buffer, int offset, int length) throws IOException {
        int sealed = sending.seal(NoiseCipher.NO_DATA, buffer, offset, length, buffer, offset);
        assert sealed <= 0xffff : "longer than MAXIMUM_PLAINTEXT";
        buffer[offset - 2] = (byte) (sealed >> 8);
        buffer[offset - 1] = (byte) sealed;
        ByteBuffer record = ByteBuffer.wrap(buffer, offset - LENGTH_BYTES, LENGTH_BYTES + sealed);
        while (record.hasRemaining()) {
            raw.write(record);
        }
    }

    /** Noise has nothing to announce the end with. */
    @Override public void close() throws IOException {
        input.close();
        raw.close();
    }

    @Override public int headerBytes() {
        return LENGTH_BYTES;
    }

    @Override public int recordBytes(byte[] bytes, int header) throws IOException {
        int length = (bytes[header] & 0xff) << 8 | bytes[header + 1] & 0xff;
        if (length < NoiseCipher.TAG_BYTES) {
            throw new MalformedException("noise: record of " + length + " bytes has no room for its tag");
        }
        return LENGTH_BYTES + length;
    }

    @Override public int open(byte[] bytes, int record, int length, int into) throws IOException {
        return receiving.open(NoiseCipher.NO_DATA, bytes, record + LENGTH_BYTES, length - LENGTH_BYTES, bytes, into);
    }
}
