package adit.relay;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.transport.BufferPool;
import adit.transport.Connection;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import adit.transport.Stream;
import adit.transport.TcpTransport;
import adit.transport.TransportSettings;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Dials peers that ask for it as a stranger would: with an identity of its own, and never from the port that the node listens on,
 * since a NAT that knows that port would let it in (libp2p/specs autonat/autonat-v2.md, "Implementation Suggestions"). The swarm
 * does not hear of its connections.
 */
final class DialBackDialler {
    private static final int POOLED_BUFFERS = 2;

    private final TcpTransport transport;
    private final Loops loops;

    DialBackDialler(Loops loops, Deadlines deadlines, Log log) {
        this.loops = loops;
        transport = new TcpTransport(PrivateKey.generate(), TransportSettings.defaults(), new BufferPool(POOLED_BUFFERS), loops, deadlines, log,
                inbound -> inbound.close("nobody listens here"));
    }

    /** A connection on which the remote peer can open no stream; the caller's to close. Blocks at most that long, interruptible. */
    Connection dial(Multiaddr address, PeerId peer, Duration patience) throws IOException {
        CompletableFuture<Connection> dialled = new CompletableFuture<>();
        Thread thread = loops.start("dial-back " + address, () -> dialLoop(address, peer, dialled));
        try {
            return started(dialled.get(Math.max(1, patience.toNanos()), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            if (!dialled.cancel(false) && !dialled.isCompletedExceptionally()) {
                return started(dialled.resultNow());
            }
            throw new SocketTimeoutException("no connection within " + patience.toMillis() / 1000.0 + " s");
        } catch (InterruptedException e) {
            dialled.thenAccept(late -> late.close("nobody waits for it"));
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while dialling back");
        } finally {
            thread.interrupt();
        }
    }

    private void dialLoop(Multiaddr address, PeerId peer, CompletableFuture<Connection> dialled) {
        try {
            Connection connection = transport.dial(address, peer);
            if (!dialled.complete(connection)) {
                connection.close("nobody waits for it");
            }
        } catch (IOException | RuntimeException e) {
            dialled.completeExceptionally(e);
        }
    }

    private static Connection started(Connection connection) {
        connection.start(Stream::reset, reason -> { });
        return connection;
    }
}
