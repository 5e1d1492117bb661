package adit.swarm;

import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A port of this machine that neither takes nor refuses: its queue is full and nobody accepts. */
final class FullQueue implements AutoCloseable {
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final List<SocketChannel> queued = new ArrayList<>();

    FullQueue() throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        for (int i = 0; i < 4; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.connect(server.getLocalAddress());
            queued.add(channel);
        }
    }

    Multiaddr address() throws IOException {
        return Multiaddr.ofTcp((InetSocketAddress) server.getLocalAddress());
    }

    @Override public void close() throws IOException {
        for (SocketChannel channel : queued) {
            channel.close();
        }
        server.close();
    }
}
