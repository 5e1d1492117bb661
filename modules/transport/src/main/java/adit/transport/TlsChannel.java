package adit.transport;

import adit.identity.PublicKey;
import adit.multiformats.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * A connection after its TLS handshake. A write becomes up to five records and one call to the socket.
 *
 * <p>The engine is thread-safe; of the socket, reading belongs to the reader and writing to whoever holds the lock
 * {@link #writing}. What the reader finds to be answered (a key update) waits in the engine for the next write: RFC 8446
 * section 4.6.3 asks for no more, and a connection that is alive writes before long.
 */
final class TlsChannel implements SecureChannel, RecordInput.Opener {
    /*
     * record (RFC 8446 section 5.2): type     1 byte
     *                                version  2 bytes
     *                                length   2 bytes, big-endian: bytes that follow
     */
    private static final int HEADER_BYTES = 5;
    private static final int MAXIMUM_CIPHERTEXT_BYTES = 16_384 + 256;

    /**
     * Records without data (key updates, tickets, padding) that may come during {@link #DATA_BYTES} of data: each costs
     * us a key derivation and may leave an answer in the engine's queue, and costs the sender next to nothing.
     */
    private static final int MAXIMUM_EMPTY_RECORDS = 64;
    private static final int DATA_BYTES = 1 << 20;

    /** How long close waits when nobody writes and yet the socket takes no more bytes: rare, and a second is soon over. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private static final ByteBuffer NO_DATA = ByteBuffer.allocate(0);

    private final ByteChannel raw;
    private final BufferPool pool;
    private final SSLEngine engine;
    private final PublicKey remoteKey;
    private final Optional<String> earlyMuxer;
    private final RecordInput input;
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();
    private int emptyRecords;
    private int dataBytes;

    /** @param received what arrived behind the handshake */
    TlsChannel(ByteChannel raw, BufferPool pool, SSLEngine engine, PublicKey remoteKey, Optional<String> earlyMuxer, ByteBuffer received) {
        this.raw = raw;
        this.pool = pool;
        this.engine = engine;
        this.remoteKey = remoteKey;
        this.earlyMuxer = earlyMuxer;
        input = new RecordInput(raw, pool, this);
        if (received.hasRemaining()) {
            Buffer buffer = pool.borrow();
            int length = received.remaining();
            received.get(buffer.bytes, 0, length);
            input.resume(buffer, 0, length);
        }
    }

    @Override public String protocol() {
        return TlsHandshake.PROTOCOL;
    }

    @Override public PublicKey remoteKey() {
        return remoteKey;
    }

    @Override public Optional<String> earlyMuxer() {
        return earlyMuxer;
    }

    // ---- reading

    @Override public Segment read() throws IOException {
        return input.read();
    }

    @Override public int headerBytes() {
        return HEADER_BYTES;
    }

    @Override public int recordBytes(byte[] bytes, int header) throws IOException {
        int length = (bytes[header + 3] & 0xff) << 8 | bytes[header + 4] & 0xff;
        if (length > MAXIMUM_CIPHERTEXT_BYTES) {
            throw new MalformedException("tls: record of " + length + " bytes");
        }
        return HEADER_BYTES + length;
    }

    /* The engine decrypts in place and then copies, so the plaintext may go to where the record or one before it was. */
    @Override public int open(byte[] bytes, int record, int length, int into) throws IOException {
        ByteBuffer plaintext = ByteBuffer.wrap(bytes, into, record + length - into);
        SSLEngineResult result = engine.unwrap(ByteBuffer.wrap(bytes, record, length), plaintext);
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            return -1;
        }
        if (result.getStatus() != SSLEngineResult.Status.OK || result.bytesConsumed() != length) {
            throw new SSLException("tls: record not taken: " + result);
        }
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            throw new MalformedException("tls: another handshake on an established connection");
        }
        countEmptyRecords(result.bytesProduced());
        return result.bytesProduced();
    }

    private void countEmptyRecords(int opened) throws MalformedException {
        dataBytes += opened;
        if (dataBytes >= DATA_BYTES) {
            dataBytes = 0;
            emptyRecords = 0;
        }
        if (opened == 0 && ++emptyRecords > MAXIMUM_EMPTY_RECORDS) {
            throw new MalformedException("tls: too many records without data");
        }
    }

    // ---- writing

    @Override public void write(byte[] buffer, int offset, int length) throws IOException {
        writing.lock();
        Buffer sealed = pool.borrow();
        try {
            ByteBuffer plaintext = ByteBuffer.wrap(buffer, offset, length);
            ByteBuffer records = ByteBuffer.wrap(sealed.bytes);
            while (plaintext.hasRemaining()) {
                SSLEngineResult result = engine.wrap(plaintext, records);
                switch (result.getStatus()) {
                    case OK -> { }
                    case BUFFER_OVERFLOW -> flush(records);
                    default -> throw new SSLException("tls: connection is closed");
                }
            }
            flush(records);
        } finally {
            sealed.release();
            writing.unlock();
        }
    }

    private void flush(ByteBuffer records) throws IOException {
        records.flip();
        while (records.hasRemaining()) {
            raw.write(records);
        }
        records.clear();
    }

    // ---- the end

    /**
     * Sends close_notify when nobody is writing, or the alert that says why the connection ends. A thread of its own
     * does that, because a socket full of unread bytes would make it wait without end; where the raw channel is closed
     * already, this takes no time.
     */
    @Override public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            Thread.ofVirtual().name("tls close").start(this::announceEnd).join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            input.close();
            raw.close();
        }
    }

    private void announceEnd() {
        if (!writing.tryLock()) {
            return;
        }
        try {
            ByteBuffer records = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.closeOutbound();
            while (!engine.isOutboundDone() && engine.wrap(NO_DATA, records).bytesProduced() > 0) {
                flush(records);
            }
        } catch (IOException e) {
            // the remote peer has gone already: the end needs no announcement
        } finally {
            writing.unlock();
        }
    }
}
