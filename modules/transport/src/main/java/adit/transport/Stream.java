package adit.transport;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.GatheringByteChannel;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One bidirectional stream of a {@link Connection}. Each direction ends by itself: {@link #closeWrite} ends ours, the
 * end of the remote peer's shows as -1. One thread may read while another writes. Any failure is a
 * {@link StreamResetException} that keeps the first reason.
 */
public interface Stream extends Closeable {
    /** Bytes that {@link #send} may overwrite in front of the payload. */
    int HEADROOM = 16;

    /** Bytes that {@link #send} may overwrite behind the payload. */
    int TAILROOM = 16;

    /**
     * Most payload bytes one {@link #send} takes: with the muxer's header of 12 bytes, four records of 16,368 bytes, which is what
     * JSSE puts into one (a few bytes more would cost a fifth record), or one record of Noise.
     */
    int MAXIMUM_PAYLOAD = 4 * 16_368 - 12;

    /** The connection that carries this stream. */
    Connection connection();

    /** The stream id on the wire, unique in its connection. */
    long id();

    /** Who opened it. */
    Direction direction();

    /** The protocol agreed on or, opened lazily, proposed; "" before negotiation. */
    String protocol();

    /** Names the protocol once it is negotiated. */
    void setProtocol(String protocol);

    /** Reads at least one byte unless length is 0; blocks; -1 at the end of the remote peer's direction. */
    int read(byte[] into, int offset, int length) throws IOException;

    /**
     * Waits for received bytes and writes all that are there to the target without copying them; only then the remote
     * peer may send as many again. A failure of the target is thrown as it came; one of this stream is a
     * {@link StreamResetException}.
     *
     * @return bytes written, -1 at the end of the remote peer's direction
     */
    long transferTo(GatheringByteChannel target) throws IOException;

    /**
     * Asks that what comes in small pieces is written to the target by whoever receives it, as far as no {@link #transferTo}, which is called
     * meanwhile with the same channel, is at it. Blocks until the protocol is agreed on.
     */
    void transferDirectly(DirectTarget target) throws IOException;

    /** Blocks until the remote peer's window allows sending; returns how many bytes it allows, more than 0. */
    int awaitCredit() throws IOException;

    /**
     * Sends payload in place: header and cipher framing are written around it, so {@link #HEADROOM} bytes before and
     * {@link #TAILROOM} bytes behind are overwritten, and the payload with them. Blocks while the socket is full.
     *
     * @param length 1 to what {@link #awaitCredit} last returned, at most {@link #MAXIMUM_PAYLOAD}
     */
    void send(byte[] buffer, int offset, int length) throws IOException;

    /** Sends a copy of any number of bytes; blocks while window or socket are full. */
    void write(byte[] from, int offset, int length) throws IOException;

    /** Ends our direction: the remote peer reads -1 after all that was sent. Idempotent. */
    void closeWrite() throws IOException;

    /** Aborts both directions at once; never blocks. Idempotent, does nothing after a clean end of both. */
    void reset();

    /**
     * Runs the action once when the stream is aborted, by whichever side or because its connection ended; at once when it
     * already is, never after a clean end of both directions. This tells an abort to whoever waits for something else than
     * this stream. The action must not block and must not throw; a later one takes the place of an earlier one.
     */
    void onReset(Consumer<StreamResetException> action);

    /**
     * Asks that what arrived before the remote peer's reset, or before the connection was lost, can still be read; reading
     * fails after it. Without this it is dropped. Who asks reads to the failure, or calls {@link #close} or {@link #reset}.
     */
    void keepReceived();

    /** Whether the remote peer has ended its direction cleanly; bytes that came before that may still wait to be read. */
    boolean isEnded();

    /** Ends our direction cleanly and discards what still arrives. Never throws; idempotent. */
    @Override void close();

    /** The longest a read may wait before it fails with {@link java.net.SocketTimeoutException}; zero waits for ever (the start value). */
    void setReadTimeout(Duration timeout);

    /** Reads from this stream; closing it does nothing. */
    InputStream inputStream();

    /** Writes to this stream; closing it is {@link #closeWrite}. */
    OutputStream outputStream();
}
