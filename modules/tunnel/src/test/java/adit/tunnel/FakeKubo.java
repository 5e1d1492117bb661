package adit.tunnel;

import adit.transport.Stream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Copies as kubo's p2p/stream.go does: whichever direction ends first ends both. After its FIN it reads the stream no
 * more, says nothing about that, and returns no credit.
 */
final class FakeKubo {
    private final Stream stream;
    private final SocketChannel local;
    private boolean over;

    private FakeKubo(Stream stream, SocketChannel local) {
        this.stream = stream;
        this.local = local;
    }

    /** Serves the protocol as "ipfs p2p listen" does. */
    static void listen(Node node, String protocol, InetSocketAddress target) {
        node.swarm.handle(protocol, false, stream -> new FakeKubo(stream, SocketChannel.open(target)).copy());
    }

    /** Carries one client as "ipfs p2p forward" does. */
    static void forward(Stream stream, SocketChannel client) throws IOException {
        new FakeKubo(stream, client).copy();
    }

    private void copy() throws IOException {
        Thread up = Thread.ofVirtual().start(this::upLoop);
        downLoop();
        try {
            up.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void upLoop() {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(32 * 1024);
            while (local.read(buffer.clear()) >= 0) {
                stream.write(buffer.array(), 0, buffer.position());
            }
            end();
        } catch (IOException e) {
            abort();
        }
    }

    private void downLoop() {
        try {
            byte[] buffer = new byte[32 * 1024];
            for (int n = stream.read(buffer, 0, buffer.length); n >= 0 && !isOver(); n = stream.read(buffer, 0, buffer.length)) {
                local.write(ByteBuffer.wrap(buffer, 0, n));
            }
            end();
        } catch (IOException e) {
            abort();
        }
    }

    private synchronized boolean isOver() {
        return over;
    }

    private void end() throws IOException {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        local.close();
        stream.closeWrite();
    }

    private void abort() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        stream.reset();
        try {
            local.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
