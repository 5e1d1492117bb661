package adit.relay;

import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP port that counts who comes, and sends everybody away. */
final class KnockCounter implements AutoCloseable {
    final Multiaddr address;
    private final ServerSocket socket;
    private final AtomicInteger knocks = new AtomicInteger();

    KnockCounter(String ip) throws IOException {
        socket = new ServerSocket(0, 64, InetAddress.ofLiteral(ip));
        address = Multiaddr.ofTcp((InetSocketAddress) socket.getLocalSocketAddress());
        Thread.ofVirtual().start(this::acceptLoop);
    }

    private void acceptLoop() {
        try {
            while (true) {
                socket.accept().close();
                knocks.incrementAndGet();
            }
        } catch (IOException closed) {
            // the end
        }
    }

    int knocks() {
        return knocks.get();
    }

    @Override public void close() throws IOException {
        socket.close();
    }
}
