package adit.tunnel;

import adit.identity.PeerId;
import adit.swarm.RelayPolicy;
import adit.transport.Loops;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The side with the client. */
public final class Forwarder implements Tunnel {
    /** After a failed accept (no file descriptors left) the next try waits this long for something to end. */
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private static final byte[] NOTHING = {};

    private final Surroundings surroundings;
    private final String protocol;
    private final PeerId peer;
    private final ListenSocket socket;
    private final Limits limits;
    private final RelayPolicy relays;
    private final PeerLimits peerLimits;
    private final Ledger ledger;
    private final CountDownLatch closed = new CountDownLatch(1);
    private Thread accepting;

    Forwarder(Surroundings surroundings, String protocol, PeerId peer, ListenSocket socket, Limits limits, RelayPolicy relays) {
        this.surroundings = surroundings;
        this.protocol = protocol;
        this.peer = peer;
        this.socket = socket;
        this.limits = limits;
        this.relays = relays;
        this.peerLimits = new PeerLimits(limits);
        this.ledger = new Ledger(surroundings.log(), "forwarder " + protocol + " on " + socket.address(), System::nanoTime);
    }

    @Override public String protocol() {
        return protocol;
    }

    @Override public String listenAddress() {
        return socket.address();
    }

    @Override public String targetAddress() {
        return "/p2p/" + peer;
    }

    @Override public Limits limits() {
        return limits;
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

    /** Where its streams lead. */
    public PeerId peer() {
        return peer;
    }

    /** Whether its streams may go over a relay. */
    public RelayPolicy relays() {
        return relays;
    }

    void open() {
        accepting = surroundings.loops().start("accept " + protocol, this::acceptLoop);
    }

    /** The port is free when this returns. */
    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            surroundings.log().warn("forwarder %s on %s: closing: %s", protocol, socket.address(), TargetDial.text(e));
        }
        closed.countDown();
        try {
            // The kernel lets the port go when the thread that waits in accept has left it.
            accepting.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void awaitClosed() throws InterruptedException {
        closed.await();
    }

    /** Ends with its socket only: no client and no shortage may keep later clients out. */
    private void acceptLoop() {
        Loops loops = surroundings.loops();
        while (true) {
            SocketChannel client = null;
            try {
                SocketChannel accepted = socket.accept();
                client = accepted;
                loops.start("forward " + protocol, () -> clientLoop(accepted));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                if (client != null) {
                    LocalEnd.abort(client);
                }
                ledger.refused("accepting", e.toString());
                if (awaitClosedBriefly()) {
                    return;
                }
            }
        }
    }

    private boolean awaitClosedBriefly() {
        try {
            return closed.await(ACCEPT_PAUSE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** Carries one client from accept to its end. */
    private void clientLoop(SocketChannel channel) {
        ledger.counters().opened.increment();
        String who = "client";
        try (LiveStreams.Place place = surroundings.streams().enter(); PeerLimits.Share share = peerLimits.enter(peer)) {
            LocalEnd local = LocalEnd.of(channel);
            String origin = local.origin();
            who = "client " + origin;
            try (Client client = new Client(surroundings, peer, protocol, relays, local, true)) {
                client.limit(share);
                IOException failure = client.carry(place, ledger.counters(), origin, NOTHING, () -> {});
                if (failure != null) {
                    local.abort();
                }
                ledger.ended(who, failure);
            }
        } catch (IOException | RuntimeException | Error e) {
            // A reset, so that the client can tell a failure from an empty answer.
            LocalEnd.abort(channel);
            ledger.refused(who, "no stream to peer " + peer + ": " + TargetDial.text(e));
        }
    }
}
