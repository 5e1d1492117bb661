package adit.transport;

import adit.identity.PeerId;
import adit.identity.PublicKey;
import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A connection that carries yamux streams over a secure channel.
 *
 * <p>Threads: {@link #readLoop} reads and dispatches, writes nothing to the remote peer and to local ends only by {@link DirectDelivery},
 * which puts another thread in its place when that blocks; {@link FrameWriter#laterLoop} writes what the reader answers; each stream that the remote peer opens gets a thread of its own. The monitor guards the table of
 * streams, the counts and the way to the end; it is never held over I/O nor while a stream's monitor is taken.
 */
final class YamuxConnection implements Connection {
    /** How long the last frames may take at closing, before the socket is closed under them. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final SecureChannel channel;
    private final ConnectionEnds ends;
    private final TransportSettings settings;
    private final Loops loops;
    private final Deadlines deadlines;
    private final ReceiveShare share;
    private final Log log;
    private final FrameWriter writer;
    private final FrameReader reader = new FrameReader(this);
    private final DirectDelivery direct;
    private final Heartbeat heartbeat;
    private final PeerId remotePeer;
    private final Instant opened = Instant.now();

    private final Map<Long, YamuxStream> streams = new HashMap<>();
    private StreamHandler handler;
    private Consumer<String> onClose;
    private long nextId;
    private long newestInboundId;
    private int inbound;
    private int negotiating;
    private int unacknowledged;
    private boolean goneAway;
    private String closeReason;

    /** @param ends who and where both ends are; its role decides the parity of stream ids */
    YamuxConnection(SecureChannel channel, ConnectionEnds ends, TransportSettings settings, BufferPool pool, Loops loops,
            Deadlines deadlines, ReceiveBudget budget, Log log) {
        this.channel = channel;
        this.ends = ends;
        this.settings = settings;
        this.loops = loops;
        this.deadlines = deadlines;
        share = budget.open();
        this.log = log;
        this.remotePeer = PeerId.of(channel.remoteKey());
        writer = new FrameWriter(channel, pool);
        direct = new DirectDelivery(deadlines, this::startReader);
        heartbeat = new Heartbeat(this, settings, deadlines);
        nextId = ends.role() == Role.INITIATOR ? 1 : 2;
    }

    @Override public void start(StreamHandler streamHandler, Consumer<String> closeAction) {
        synchronized (this) {
            handler = streamHandler;
            onClose = closeAction;
        }
        loops.start("later " + remotePeer, this::laterLoop);
        startReader();
        heartbeat.start();
    }

    private void startReader() {
        loops.startHot("reader " + remotePeer, this::readLoop);
    }

    private void readLoop() {
        try {
            Segment segment;
            while ((segment = channel.read()) != null) {
                heartbeat.hear();
                try {
                    reader.accept(segment.buffer(), segment.offset(), segment.length());
                } finally {
                    segment.buffer().release();
                }
                if (!direct.deliver()) {
                    return;
                }
            }
            fail("closed by the remote peer", null);
        } catch (ProtocolViolation e) {
            log.warn("connection to %s ended: %s", remotePeer, e.getMessage());
            shutDown(e.getMessage(), YamuxFrame.GO_AWAY_PROTOCOL_ERROR);
        } catch (IOException e) {
            fail("connection failed: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            log.warn("connection to %s ended by a fault of this program: %s", remotePeer, e);
            fail("internal error: " + e, null);
        }
    }

    private void laterLoop() {
        writer.laterLoop();
        closeChannel();
    }

    // ---- streams

    @Override public void probe() {
        heartbeat.probe();
    }

    @Override public Stream openStream() throws IOException {
        heartbeat.probe();
        return newOutboundStream();
    }

    @Override public Stream openStreamLazily(String protocol) throws IOException {
        heartbeat.probe();
        YamuxStream stream = newOutboundStream();
        try {
            stream.proposeLazily(protocol);
        } catch (IOException e) {
            stream.reset();
            throw e;
        }
        return stream;
    }

    private synchronized YamuxStream newOutboundStream() throws IOException {
        long patience = settings.handshakeTimeout().toNanos();
        while (closeReason == null && !goneAway && unacknowledged >= settings.maximumUnacknowledgedStreams()) {
            patience = TimedWait.once(this, patience);
        }
        if (closeReason != null) {
            throw new StreamResetException("connection is closed: " + closeReason);
        }
        if (goneAway || nextId > 0xffff_ffffL) {
            throw new StreamResetException("the connection takes no new streams");
        }
        long id = nextId;
        nextId += 2;
        unacknowledged++;
        YamuxStream stream = newStream(id, Direction.OUTBOUND, YamuxFrame.SYN);
        streams.put(id, stream);
        return stream;
    }

    private YamuxStream newStream(long id, Direction direction, int owedFlag) {
        ReceiveWindow window = new ReceiveWindow(settings.maximumWindow(), share.budget());
        return new YamuxStream(this, id, direction, owedFlag, window, new ReceiveQueue(share));
    }

    /** The remote peer opens a stream. Null when it is over a limit: then it has been reset. */
    YamuxStream receiveOpen(long id) throws ProtocolViolation {
        YamuxStream stream;
        synchronized (this) {
            if (id == 0 || isOurs(id) || streams.containsKey(id)) {
                throw new ProtocolViolation("stream id " + id + " is not the remote peer's to open");
            }
            newestInboundId = Math.max(newestInboundId, id);
            boolean refused = closeReason != null || inbound >= settings.maximumInboundStreams()
                    || negotiating >= settings.maximumNegotiatingStreams();
            stream = refused ? null : newStream(id, Direction.INBOUND, YamuxFrame.ACK);
            if (stream != null) {
                inbound++;
                negotiating++;
                streams.put(id, stream);
            }
        }
        if (stream == null) {
            writeLater(new YamuxFrame(YamuxFrame.WINDOW_UPDATE, YamuxFrame.RST, id, 0));
        } else {
            loops.start("stream " + id + " " + remotePeer, () -> handleLoop(stream));
        }
        return stream;
    }

    private void handleLoop(YamuxStream stream) {
        try {
            handler.handle(stream);
        } catch (IOException | RuntimeException e) {
            log.debug("stream %d of %s failed: %s", stream.id(), remotePeer, e);
            stream.reset();
        }
    }

    /** The stream that frames with this id belong to; null when it has ended. */
    synchronized YamuxStream stream(long id) throws ProtocolViolation {
        YamuxStream stream = streams.get(id);
        if (stream == null && (isOurs(id) ? id >= nextId : id > newestInboundId)) {
            throw new ProtocolViolation("a frame for stream " + id + ", which was never opened");
        }
        return stream;
    }

    /** Odd ids are the initiator's to open, even ones the responder's. */
    private boolean isOurs(long id) {
        return (id & 1) == (ends.role() == Role.INITIATOR ? 1 : 0);
    }

    /** The protocol is agreed on: the stream no longer counts as one that is being negotiated. */
    synchronized void negotiated(YamuxStream stream) {
        if (stream.direction() == Direction.INBOUND && stream.leaveNegotiation()) {
            negotiating--;
        }
    }

    synchronized void receiveAcknowledgement(YamuxStream stream) {
        if (stream.direction() == Direction.OUTBOUND && stream.leaveNegotiation()) {
            unacknowledged--;
            notifyAll();
        }
    }

    void remove(YamuxStream stream) {
        synchronized (this) {
            if (!streams.remove(stream.id(), stream)) {
                return;
            }
            if (stream.direction() == Direction.INBOUND) {
                inbound--;
            }
        }
        negotiated(stream);
        receiveAcknowledgement(stream);
        stream.removed();
    }

    @Override public synchronized List<Stream> streams() {
        return new ArrayList<>(streams.values());
    }

    /**
     * On the reader, after data was queued: waits while too much of this connection is unread, so that the peer's TCP stops
     * it. When nobody reads, resets what holds most, or one stuck reader would stop all others for ever.
     */
    void awaitRoom() {
        if (share.budget().isExceededBy(share)) {
            direct.decline();
        }
        while (!share.budget().awaitRoom(share)) {
            YamuxStream fattest = fattestStream();
            if (fattest == null) {
                return;
            }
            fattest.abort("reset: received data waits unread and the memory for it is used up", true);
        }
    }

    /** The stream with most unread bytes, null when there is none with any. */
    private YamuxStream fattestStream() {
        return streams().stream().map(YamuxStream.class::cast).filter(stream -> stream.queued() > 0)
                .max(Comparator.comparingLong(YamuxStream::queued)).orElse(null);
    }

    // ---- frames

    FrameWriter writer() {
        return writer;
    }

    /** Writes a frame without payload; blocks while the socket does. */
    void write(YamuxFrame frame) throws IOException {
        byte[] bytes = new byte[Stream.HEADROOM + YamuxFrame.HEADER + Stream.TAILROOM];
        frame.encode(bytes, Stream.HEADROOM);
        writer.write(bytes, Stream.HEADROOM, YamuxFrame.HEADER);
    }

    /** Queues a frame without payload; never blocks. A remote peer that does not read its answers loses the connection. */
    void writeLater(YamuxFrame frame) {
        if (!writer.writeLater(frame)) {
            fail("the remote peer does not read what it is answered", null);
        }
    }

    Heartbeat heartbeat() {
        return heartbeat;
    }

    DirectDelivery direct() {
        return direct;
    }

    synchronized void receiveGoAway(long code) {
        log.debug("%s takes no new streams (go away, code %d)", remotePeer, code);
        goneAway = true;
        notifyAll();
    }

    // ---- the end

    @Override public void close(String reason) {
        shutDown(reason, YamuxFrame.GO_AWAY_NORMAL);
    }

    /** Says go away, writes what is queued within {@link #LINGER}, then closes; returns at once. */
    private void shutDown(String reason, int code) {
        if (!beginClose(reason)) {
            return;
        }
        writer.writeLater(new YamuxFrame(YamuxFrame.GO_AWAY, 0, 0, code));
        writer.end();
        deadlines.after(LINGER, () -> writer.fail(new IOException(reason)));
        deadlines.after(LINGER, ends.socketClose());
        finishClose(reason);
    }

    /** The connection is lost: no farewell. */
    void fail(String reason, IOException cause) {
        boolean first = beginClose(reason);
        writer.fail(cause != null ? cause : new IOException(reason));
        ends.socketReset().run();
        if (first) {
            finishClose(reason);
        }
    }

    private synchronized boolean beginClose(String reason) {
        if (closeReason != null) {
            return false;
        }
        closeReason = reason;
        notifyAll();
        return true;
    }

    private void finishClose(String reason) {
        heartbeat.stop();
        share.budget().leave();
        for (Stream stream : streams()) {
            ((YamuxStream) stream).abort("connection ended: " + reason, false);
        }
        Consumer<String> action;
        synchronized (this) {
            action = onClose;
        }
        if (action != null) {
            loops.start("closed " + remotePeer, () -> action.accept(reason));
        } else {
            closeChannel();
        }
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("closing the channel to %s: %s", remotePeer, e.getMessage());
        }
    }

    // ---- what it is

    @Override public PeerId localPeer() { return ends.localPeer(); }

    @Override public PeerId remotePeer() { return remotePeer; }

    @Override public PublicKey remoteKey() { return channel.remoteKey(); }

    @Override public Multiaddr localAddress() { return ends.localAddress(); }

    @Override public Multiaddr remoteAddress() { return ends.remoteAddress(); }

    @Override public Direction direction() { return ends.direction(); }

    @Override public ConnectionPath path() { return ends.path(); }

    @Override public CircuitLimit limit() { return ends.limit(); }

    @Override public String security() { return channel.protocol(); }

    @Override public String muxer() { return Upgrader.MUXER; }

    @Override public Instant opened() { return opened; }

    @Override public Duration roundTrip() { return Duration.ofNanos(heartbeat.roundTripNanos()); }

    @Override public synchronized boolean isOpen() {
        return closeReason == null;
    }
}
