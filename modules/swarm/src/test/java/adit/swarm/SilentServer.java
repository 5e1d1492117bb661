package adit.swarm;

import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;

/** Accepts every connection and never says a word. */
final class SilentServer implements AutoCloseable {
    final AtomicInteger accepted = new AtomicInteger();
    /** Connections whose other end has gone. */
    final AtomicInteger ended = new AtomicInteger();
    private final ServerSocketChannel server = ServerSocketChannel.open();

    SilentServer() throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().name("silent server").start(this::acceptLoop);
    }

    private void acceptLoop() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                accepted.incrementAndGet();
                Thread.ofVirtual().name("silent connection").start(() -> readLoop(channel));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void readLoop(SocketChannel channel) {
        ByteBuffer dropped = ByteBuffer.allocate(1024);
        try (channel) {
            while (channel.read(dropped.clear()) >= 0) {
                // it never answers
            }
        } catch (IOException e) {
            // a reset is an end, too
        }
        ended.incrementAndGet();
    }

    Multiaddr address() throws IOException {
        return Multiaddr.ofTcp((InetSocketAddress) server.getLocalAddress());
    }

    /** An address that was free a moment ago. */
    static Multiaddr refusing() throws IOException {
        try (SilentServer gone = new SilentServer()) {
            return gone.address();
        }
    }

    @Override public void close() throws IOException {
        server.close();
    }
}
