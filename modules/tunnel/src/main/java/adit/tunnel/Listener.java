package adit.tunnel;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.Gate;
import adit.transport.Deadlines;
import adit.transport.Stream;
import adit.transport.StreamResetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiPredicate;

/**
 * The side with the service. To peers that it does not admit its protocol does not exist. The monitor guards the watch over grants that end,
 * which goes on after closing while streams are live.
 */
public final class Listener implements Tunnel {
    /** A machine's clock can be set at any time (one without a battery begins in the past): ends are looked at that often. */
    private static final Duration LONGEST_WATCH = Duration.ofMinutes(1);

    private final Surroundings surroundings;
    private final String protocol;
    private final Multiaddr target;
    private final Endpoint endpoint;
    private final boolean reportPeerId;
    private final Limits limits;
    private final PeerLimits peerLimits;
    private final RefusedPeers refused = new RefusedPeers();
    private final Ledger ledger;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Grants grants;
    private Deadlines.Deadline expiry;

    Listener(Surroundings surroundings, String protocol, Multiaddr target, boolean reportPeerId, Grants grants, Limits limits) {
        this.surroundings = surroundings;
        this.protocol = protocol;
        this.target = target;
        this.endpoint = Endpoint.ofTarget(target);
        this.reportPeerId = reportPeerId;
        this.grants = grants;
        this.limits = limits;
        this.peerLimits = new PeerLimits(limits);
        this.ledger = new Ledger(surroundings.log(), "listener " + protocol, System::nanoTime);
    }

    @Override public String protocol() {
        return protocol;
    }

    @Override public String listenAddress() {
        return "/p2p/" + surroundings.swarm().self();
    }

    @Override public String targetAddress() {
        return target.toString();
    }

    @Override public Instant opened() {
        return ledger.begun();
    }

    @Override public Counters counters() {
        return ledger.counters();
    }

    @Override public String lastError() {
        return ledger.lastError();
    }

    /** Who may use it. */
    public Grants grants() {
        return grants;
    }

    @Override public Limits limits() {
        return limits;
    }

    /** The last ones that asked and may not use it, the latest first. */
    public List<RefusedPeer> refusedPeers() {
        return refused.list();
    }

    /**
     * Admits these from now on. Live streams of others are aborted before this returns, also when it was closed meanwhile.
     *
     * @return how many streams were aborted
     */
    public int admit(Grants changed) {
        synchronized (this) {
            grants = changed;
            watchLocked();
        }
        changed.byPeer().keySet().forEach(refused::forget);
        surroundings.swarm().gateChanged();
        return cut((listener, peer) -> listener == this && !admits(peer));
    }

    /** Whether the service is told the peer's id first. */
    public boolean reportsPeerId() {
        return reportPeerId;
    }

    void open(boolean advertised) {
        surroundings.swarm().handle(protocol, advertised, this::handle, new Gate() {
            @Override public boolean admits(PeerId peer) {
                return Listener.this.admits(peer);
            }

            @Override public void turnedAway(PeerId peer) {
                Listener.this.turnedAway(peer);
            }
        });
        synchronized (this) {
            watchLocked();
        }
        // those of an older listener of that name
        cut((listener, peer) -> listener.protocol.equals(protocol) && !admits(peer));
    }

    private boolean admits(PeerId peer) {
        return grants.admits(peer, Instant.now());
    }

    private void turnedAway(PeerId peer) {
        ledger.counters().opened.increment();
        refused.add(peer);
        ledger.refused("peer " + peer, "not one of the peers allowed to use it; to let it in: adit grant " + protocol + " " + peer);
    }

    private int cut(BiPredicate<Listener, PeerId> which) {
        int count = surroundings.streams().abortServed(which, new StreamResetException("its peer may not use " + protocol + " any more"));
        if (count > 0) {
            surroundings.log().info("listener %s: live streams cut because their peers may not use it any more: %d", protocol, count);
        }
        return count;
    }

    private void watchLocked() {
        if (expiry != null) {
            expiry.close();
        }
        Instant now = Instant.now();
        Instant end = grants.nextEnd(now);
        if (end != null && (closed.getCount() > 0 || surroundings.streams().isServing(this))) {
            Duration left = Duration.between(now, end);
            expiry = surroundings.deadlines().after(left.compareTo(LONGEST_WATCH) < 0 ? left : LONGEST_WATCH,
                    () -> surroundings.loops().start("grants of " + protocol, this::expire));
        }
    }

    private void expire() {
        if (cut((listener, peer) -> listener == this && !admits(peer)) > 0) {
            surroundings.swarm().gateChanged();
        }
        synchronized (this) {
            watchLocked();
        }
    }

    void close() {
        surroundings.swarm().unhandle(protocol);
        closed.countDown();
    }

    void awaitClosed() throws InterruptedException {
        closed.await();
    }

    /** Serves one stream from its negotiation to its end. */
    private void handle(Stream stream) {
        PeerId peer = stream.connection().remotePeer();
        String who = "peer " + peer;
        ledger.counters().opened.increment();
        try (LiveStreams.Place place = surroundings.streams().enter(); PeerLimits.Share share = peerLimits.enter(peer);
                LocalEnd service = connect(stream, place)) {
            CopyLoop copy = new CopyLoop(stream, service, surroundings, ledger.counters());
            copy.limit(share.up(), share.down());
            place.opened(protocol, "/p2p/" + peer, targetAddress(), copy);
            IOException failure = copy.run(() -> surroundings.loops().start("up " + protocol, copy::upLoop));
            place.ended(failure);
            ledger.ended(who, failure);
        } catch (IOException | RuntimeException | Error e) {
            stream.reset();
            ledger.refused(who, "target " + target + ": " + TargetDial.text(e));
        }
    }

    private LocalEnd connect(Stream stream, LiveStreams.Place place) throws IOException {
        PeerId peer = stream.connection().remotePeer();
        place.serves(this, peer);
        place.tell("listener %s, peer %s asks", protocol, peer);
        if (!admits(peer)) {
            throw new IOException("not one of the peers allowed to use it any more");
        }
        TargetDial dial = new TargetDial(target, endpoint);
        place.onAbort(dial::cancel);
        stream.onReset(cause -> dial.cancel(new StreamResetException("the peer gave up: " + cause.getMessage(), cause)));
        SocketChannel channel;
        try {
            channel = dial.connect(surroundings.deadlines(), surroundings.settings().targetTimeout(), stream::reset);
        } catch (IOException unreachable) {
            place.ended(unreachable);
            throw unreachable;
        }
        try {
            LocalEnd service = LocalEnd.of(channel);
            if (reportPeerId) {
                service.write(ByteBuffer.wrap((peer + "\n").getBytes(StandardCharsets.US_ASCII)));
            }
            return service;
        } catch (IOException e) {
            LocalEnd.abort(channel);
            throw e;
        }
    }
}
