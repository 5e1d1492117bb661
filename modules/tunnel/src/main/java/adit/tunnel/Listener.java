package adit.tunnel;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.transport.Stream;
import adit.transport.StreamResetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** The side with the service. */
public final class Listener implements Tunnel {
    private final Surroundings surroundings;
    private final String protocol;
    private final Multiaddr target;
    private final Endpoint endpoint;
    private final boolean reportPeerId;
    private final Set<PeerId> allowed;
    private final Ledger ledger;
    private final CountDownLatch closed = new CountDownLatch(1);

    Listener(Surroundings surroundings, String protocol, Multiaddr target, boolean reportPeerId, Set<PeerId> allowed) {
        this.surroundings = surroundings;
        this.protocol = protocol;
        this.target = target;
        this.endpoint = Endpoint.ofTarget(target);
        this.reportPeerId = reportPeerId;
        this.allowed = Set.copyOf(allowed);
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

    /** The peers that may use it; empty: any. */
    public Set<PeerId> allowed() {
        return allowed;
    }

    /** Whether the service is told the peer's id first. */
    public boolean reportsPeerId() {
        return reportPeerId;
    }

    void open(boolean advertised) {
        surroundings.swarm().handle(protocol, advertised, this::handle);
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
        if (!allowed.isEmpty() && !allowed.contains(peer)) {
            stream.reset();
            ledger.refused(who, "not one of the peers allowed to use it");
            return;
        }
        try (LiveStreams.Place place = surroundings.streams().enter(); LocalEnd service = connect(stream, place)) {
            CopyLoop copy = new CopyLoop(stream, service, surroundings, ledger.counters());
            place.opened(protocol, "/p2p/" + peer, targetAddress(), copy);
            ledger.ended(who, copy.run(() -> surroundings.loops().start("up " + protocol, copy::upLoop)));
        } catch (IOException | RuntimeException | Error e) {
            stream.reset();
            ledger.refused(who, "target " + target + ": " + TargetDial.text(e));
        }
    }

    private LocalEnd connect(Stream stream, LiveStreams.Place place) throws IOException {
        TargetDial dial = new TargetDial(target, endpoint);
        place.onAbort(dial::cancel);
        stream.onReset(cause -> dial.cancel(new StreamResetException("the peer gave up: " + cause.getMessage(), cause)));
        SocketChannel channel = dial.connect(surroundings.deadlines(), surroundings.settings().targetTimeout(), stream::reset);
        try {
            LocalEnd service = LocalEnd.of(channel);
            if (reportPeerId) {
                service.write(ByteBuffer.wrap((stream.connection().remotePeer() + "\n").getBytes(StandardCharsets.US_ASCII)));
            }
            return service;
        } catch (IOException e) {
            LocalEnd.abort(channel);
            throw e;
        }
    }
}
