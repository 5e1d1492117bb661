package adit.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.GatheringByteChannel;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * One yamux stream. Its monitor guards the states of the two ways, the queue of what was received and both windows;
 * nothing is written to the connection under it. Methods named receive… run on the connection's reader and never block.
 */
final class YamuxStream implements Stream {
    /** How one direction stands. */
    private enum Way { OPEN, ENDED, ABORTED }

    private static final String RESET_HERE = "stream was reset by this side";

    private final YamuxConnection connection;
    private final long id;
    private final Direction direction;
    private final ReceiveWindow receiveWindow;
    private final ReceiveQueue queue;
    private final Waiter reader = new Waiter();
    private final Waiter writer = new Waiter();
    private final SendWindow sendWindow = new SendWindow();
    private Way inward = Way.OPEN;
    private Way outward = Way.OPEN;
    private boolean discarding;
    private boolean keepsReceived;
    private int owedFlag;
    private StreamResetException abortCause;
    private Consumer<StreamResetException> onReset;
    private final StreamProtocol protocol = new StreamProtocol();
    private DirectTarget direct;
    private boolean transferring;
    private long readTimeoutNanos;
    /** Guarded by the connection's monitor: inbound until negotiated, outbound until acknowledged. */
    private boolean beginning = true;

    /** @param owedFlag SYN or ACK: rides on the first frame sent */
    YamuxStream(YamuxConnection connection, long id, Direction direction, int owedFlag, ReceiveWindow receiveWindow, ReceiveQueue queue) {
        this.connection = connection;
        this.id = id;
        this.direction = direction;
        this.owedFlag = owedFlag;
        this.receiveWindow = receiveWindow;
        this.queue = queue;
    }

    @Override public Connection connection() { return connection; }

    @Override public long id() { return id; }

    @Override public Direction direction() { return direction; }

    @Override public String protocol() { return protocol.name(); }

    @Override public void setProtocol(String negotiated) {
        protocol.set(negotiated);
        connection.negotiated(this);
    }

    @Override public synchronized void setReadTimeout(Duration timeout) { readTimeoutNanos = timeout.toNanos(); }

    // ---- reading

    @Override public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        protocol.readAwaitedAnswer(this);
        int moved = 0;
        while (moved == 0) {
            if (!awaitReceived()) {
                return -1;
            }
            synchronized (this) {
                moved = queue.read(into, offset, length);
            }
        }
        returnCredit(moved);
        return moved;
    }

    @Override public long transferTo(GatheringByteChannel target) throws IOException {
        protocol.readAwaitedAnswer(this);
        long written = 0;
        while (written == 0) {
            if (!awaitReceived()) {
                return -1;
            }
            written = transferQueued(target, bytes -> {});
        }
        YamuxFrame credit = creditFor(written);
        if (credit != null) {
            connection.write(credit); // not later, which would cost a wake-up: the writer of a fast transfer is here
        }
        return written;
    }

    /** Bytes written; 0 when none wait, or another thread is at it. The end of the stream shows after moved has run. */
    long transferQueued(GatheringByteChannel target, LongConsumer moved) throws IOException {
        Chunk[] chunks;
        synchronized (this) {
            if (transferring || queue.isEmpty()) {
                return 0;
            }
            transferring = true;
            chunks = queue.take();
        }
        try {
            long written = queue.writeAll(chunks, target);
            moved.accept(written);
            return written;
        } finally {
            if (endTransfer()) {
                reader.wake();
            }
        }
    }

    /** Whether there is something for the reading thread to do. */
    private synchronized boolean endTransfer() {
        transferring = false;
        return !queue.isEmpty() || inward != Way.OPEN;
    }

    @Override public void transferDirectly(DirectTarget target) throws IOException {
        protocol.readAwaitedAnswer(this);
        synchronized (this) {
            direct = target;
        }
    }

    synchronized void endDirect() { direct = null; }

    void returnCredit(long bytes) {
        YamuxFrame credit = creditFor(bytes);
        if (credit != null) {
            connection.writeLater(credit);
        }
    }

    /** True when something has been received (a reset by another thread may still drop it), false at the end. */
    private boolean awaitReceived() throws IOException {
        long patience = 0;
        while (true) {
            synchronized (this) {
                if (!transferring && (!queue.isEmpty() || inward == Way.ENDED)) {
                    return !queue.isEmpty();
                }
                if (!transferring && inward == Way.ABORTED) {
                    throw abortion();
                }
                patience = patience == 0 ? readTimeoutNanos : patience;
                reader.enter();
            }
            patience = reader.await(patience);
        }
    }

    /** The window update that is due once that many more bytes are read, null for none. */
    private synchronized YamuxFrame creditFor(long bytes) {
        int credit = inward != Way.OPEN ? 0
                : receiveWindow.consumed(bytes, queue.bytes(), System.nanoTime(), connection.heartbeat().roundTripNanos());
        return credit > 0 ? new YamuxFrame(YamuxFrame.WINDOW_UPDATE, takeOwedFlag(), id, credit) : null;
    }

    // ---- writing

    @Override public int awaitCredit() throws IOException {
        while (true) {
            synchronized (this) {
                checkWritableLocked();
                if (sendWindow.left() > 0) {
                    return sendWindow.left();
                }
                writer.enter();
            }
            writer.await(0);
        }
    }

    @Override public void send(byte[] buffer, int offset, int length) throws IOException {
        connection.writer().write(buffer, beginFrame(buffer, offset, length), YamuxFrame.HEADER + length);
    }

    @Override public void write(byte[] from, int offset, int length) throws IOException { outputStream().write(from, offset, length); }

    void sendQueued(byte[] buffer, int offset, int length) throws IOException {
        connection.writer().writeQueued(buffer, beginFrame(buffer, offset, length), YamuxFrame.HEADER + length);
    }

    /** Takes the credit and writes the header in front of the payload; returns where the frame starts. */
    private int beginFrame(byte[] buffer, int offset, int length) throws IOException {
        int flags;
        synchronized (this) {
            checkWritableLocked();
            sendWindow.take(length);
            flags = takeOwedFlag();
        }
        int start = offset - YamuxFrame.HEADER;
        new YamuxFrame(YamuxFrame.DATA, flags, id, length).encode(buffer, start);
        return start;
    }

    private void checkWritableLocked() throws IOException {
        if (outward == Way.ABORTED) {
            throw abortion();
        }
        if (outward == Way.ENDED) {
            throw new StreamResetException("this direction has been ended");
        }
    }

    void proposeLazily(String proposed) throws IOException { protocol.proposeLazily(proposed, this); }

    @Override public void closeWrite() throws IOException {
        synchronized (this) {
            if (outward != Way.OPEN) {
                return;
            }
            outward = Way.ENDED;
        }
        writer.wake();
        connection.write(new YamuxFrame(YamuxFrame.WINDOW_UPDATE, YamuxFrame.FIN | takeOwedFlag(), id, 0));
        if (isOver()) {
            connection.remove(this);
        }
    }

    @Override public void close() {
        synchronized (this) {
            discarding = true;
            queue.drop();
        }
        try {
            closeWrite();
        } catch (IOException e) {
            // the connection has failed and with it this stream
        }
    }

    @Override public void reset() {
        synchronized (this) {
            if (inward == Way.ENDED && !queue.isEmpty()) {
                inward = Way.ABORTED;
                abortCause = new StreamResetException(RESET_HERE);
            }
            queue.drop();
        }
        abort(RESET_HERE, true);
    }

    @Override public synchronized void keepReceived() { keepsReceived = true; }

    @Override public void onReset(Consumer<StreamResetException> action) {
        StreamResetException cause;
        synchronized (this) {
            onReset = action;
            cause = abortCause;
        }
        if (cause != null) {
            action.accept(cause);
        }
    }

    /**
     * Aborts the ways that are still open. The first reason stays. What arrived before the remote peer's end is whole and
     * can still be read.
     *
     * @param tell whether this side aborts and the remote peer is to know, false when that aborts or is gone
     */
    void abort(String reason, boolean tell) {
        int flags;
        Consumer<StreamResetException> action;
        StreamResetException cause = new StreamResetException(reason);
        synchronized (this) {
            if (isOver()) {
                return;
            }
            if (inward == Way.OPEN) {
                inward = Way.ABORTED;
                if (tell || !keepsReceived) {
                    queue.drop();
                }
            }
            if (outward == Way.OPEN) {
                outward = Way.ABORTED;
            }
            abortCause = cause;
            action = onReset;
            flags = takeOwedFlag();
        }
        reader.wake();
        writer.wake();
        if (tell && flags != YamuxFrame.SYN) {
            connection.writeLater(new YamuxFrame(YamuxFrame.WINDOW_UPDATE, YamuxFrame.RST | flags, id, 0));
        }
        connection.remove(this);
        if (action != null) {
            action.accept(cause);
        }
    }

    /** A fresh one for each thread that meets it, with that thread's stack. */
    private StreamResetException abortion() {
        return new StreamResetException(abortCause.getMessage(), abortCause);
    }

    @Override public synchronized boolean isEnded() { return inward == Way.ENDED; }

    private synchronized boolean isOver() { return inward != Way.OPEN && outward != Way.OPEN; }

    /** SYN or ACK rides exactly once. */
    private synchronized int takeOwedFlag() {
        int flag = owedFlag;
        owedFlag = 0;
        return flag;
    }

    /** With the connection's monitor: true the first time. */
    boolean leaveNegotiation() {
        boolean first = beginning;
        beginning = false;
        return first;
    }

    /** The stream has left its connection's table. */
    synchronized void removed() { receiveWindow.close(); }

    void wakeReader() { reader.wake(); }

    /** Received bytes that nobody has read yet. */
    synchronized long queued() { return queue.bytes(); }

    /** A data frame of that length begins. */
    synchronized void receiveLength(long length) throws ProtocolViolation {
        if (inward == Way.ENDED && length > 0) {
            throw new ProtocolViolation("data after the end of stream " + id);
        }
        receiveWindow.received(length);
    }

    /** Part of a data frame's payload. True when it was queued. */
    boolean receiveData(Buffer buffer, int offset, int length) {
        boolean wanted;
        DirectTarget directly;
        synchronized (this) {
            if (inward != Way.OPEN) {
                return false;
            }
            wanted = !discarding;
            directly = transferring || !queue.isEmpty() || length > DirectDelivery.LARGEST ? null : direct;
            if (wanted) {
                queue.add(buffer, offset, length);
            }
        }
        if (!wanted) {
            // as in TCP: what arrives after close is answered with a reset, or the sender would wait for credit for ever
            abort("data arrived after this side closed the stream", true);
        } else if (directly != null) {
            connection.direct().offer(this, directly);
        } else {
            reader.wake();
        }
        return wanted;
    }

    void receiveCredit(long credit) throws ProtocolViolation {
        synchronized (this) {
            sendWindow.grow(credit, id);
        }
        writer.wake();
    }

    void receiveEnd() {
        synchronized (this) {
            if (inward == Way.OPEN) {
                inward = Way.ENDED;
            }
        }
        reader.wake();
        if (isOver()) {
            connection.remove(this);
        }
    }

    void receiveReset() { abort("stream was reset by the remote peer", false); }

    @Override public InputStream inputStream() { return new StreamInput(this); }

    @Override public OutputStream outputStream() { return new StreamOutput(this); }
}
