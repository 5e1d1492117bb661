package adit.transport;

import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** One listening TCP socket, whose port outgoing connections share (SO_REUSEADDR and SO_REUSEPORT on both). */
final class TcpListener implements AutoCloseable {
    private static final int BACKLOG = 512;

    /** Pause after an accept that failed for want of descriptors, so that the loop does not spin. */
    private static final Duration BREATH = Duration.ofMillis(100);

    private final ServerSocketChannel server;
    private final InetSocketAddress local;

    private TcpListener(ServerSocketChannel server) throws IOException {
        this.server = server;
        this.local = (InetSocketAddress) server.getLocalAddress();
    }

    /** @param alone true to refuse a port that another program (which allows sharing, as we do) has already */
    static TcpListener open(InetSocketAddress address, boolean alone) throws IOException {
        if (alone && address.getPort() != 0) {
            checkFree(address);
        }
        ServerSocketChannel server = ServerSocketChannel.open(family(address));
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            server.bind(address, BACKLOG);
            return new TcpListener(server);
        } catch (IOException e) {
            server.close();
            throw bindFailure(address, e);
        }
    }

    /** SO_REUSEPORT would let two daemons of one user share a port silently; a socket without it finds out. */
    private static void checkFree(InetSocketAddress address) throws IOException {
        try (ServerSocketChannel probe = ServerSocketChannel.open(family(address))) {
            probe.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            probe.bind(address);
        } catch (IOException e) {
            throw bindFailure(address, e);
        }
    }

    private static IOException bindFailure(InetSocketAddress address, IOException cause) {
        BindException failure = new BindException("cannot listen on " + Multiaddr.ofTcp(address) + ": " + cause.getMessage());
        failure.initCause(cause);
        return failure;
    }

    private static ProtocolFamily family(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }

    Multiaddr address() {
        return Multiaddr.ofTcp(local);
    }

    int port() {
        return local.getPort();
    }

    /** Ends when the listener is closed; any other failure costs one connection. */
    void acceptLoop(Consumer<SocketChannel> accepted, Deadlines deadlines, Log log) {
        while (server.isOpen()) {
            try {
                accepted.accept(server.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                log.warn("accept on %s: %s", address(), e.getMessage());
                if (!breathe(deadlines)) {
                    return;
                }
            }
        }
    }

    private static boolean breathe(Deadlines deadlines) {
        CountDownLatch over = new CountDownLatch(1);
        deadlines.after(BREATH, over::countDown);
        try {
            over.await();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** True when a connection to that address can leave from this port: same family, and loopback only to loopback. */
    boolean canDial(InetSocketAddress remote) {
        InetAddress from = local.getAddress();
        boolean sameFamily = from instanceof Inet6Address == remote.getAddress() instanceof Inet6Address;
        return sameFamily && (from.isAnyLocalAddress() || from.isLoopbackAddress() == remote.getAddress().isLoopbackAddress());
    }

    /** A socket bound to the listening port; null where the system refuses. */
    SocketChannel openDialling() throws IOException {
        SocketChannel socket = SocketChannel.open(family(local));
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            socket.bind(local);
            return socket;
        } catch (IOException e) {
            socket.close();
            return null;
        }
    }

    @Override public void close() {
        try {
            server.close();
        } catch (IOException e) {
            // nothing is accepted any more either way
        }
    }
}
