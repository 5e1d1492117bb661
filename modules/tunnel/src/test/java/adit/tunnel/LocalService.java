package adit.tunnel;

import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A program with a socket, TCP or unix, that talks to each of its clients on a thread of its own. */
final class LocalService implements AutoCloseable {
    /** What it says to one client; the connection is closed afterwards. */
    interface Conversation {
        void hold(SocketChannel client) throws Exception;
    }

    /** How one conversation ended: null text for a quiet end. */
    record Outcome(Exception failure) {}

    final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final ServerSocketChannel server;
    private final Conversation conversation;

    LocalService(Conversation conversation) throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), conversation);
    }

    LocalService(SocketAddress address, Conversation conversation) throws IOException {
        this.conversation = conversation;
        server = address instanceof InetSocketAddress ? ServerSocketChannel.open() : ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(address, 1024);
        Thread.ofVirtual().name("service").start(this::acceptLoop);
    }

    static LocalService echo() throws IOException {
        return new LocalService(client -> Channels.newInputStream(client).transferTo(Channels.newOutputStream(client)));
    }

    /** Answers with the number of bytes once its client has ended its direction, as "wc -c" does. */
    static LocalService counting() throws IOException {
        return new LocalService(LocalService::count);
    }

    static void count(SocketChannel client) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        long total = 0;
        for (int n = client.read(buffer); n >= 0; n = client.read(buffer.clear())) {
            total += n;
        }
        client.write(ByteBuffer.wrap((total + "\n").getBytes(StandardCharsets.US_ASCII)));
    }

    Multiaddr address() throws Exception {
        return Multiaddr.ofTcp(socketAddress());
    }

    InetSocketAddress socketAddress() throws IOException {
        return (InetSocketAddress) server.getLocalAddress();
    }

    private void acceptLoop() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofVirtual().name("conversation").start(() -> talk(client));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void talk(SocketChannel client) {
        Exception failure = null;
        try (client) {
            conversation.hold(client);
        } catch (Exception e) {
            failure = e;
        }
        outcomes.add(new Outcome(failure));
    }

    @Override public void close() throws IOException {
        server.close();
    }
}
