package adit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Two ends of one loopback socket, and muxed connections on top of either or both. */
final class MuxPair implements AutoCloseable {
    final BufferPool pool = new BufferPool(16);
    final Loops loops = new Loops(0);
    final Deadlines deadlines = new Deadlines();
    final TransportSettings settings;
    final ReceiveBudget budget;
    final SocketChannel first;
    final SocketChannel second;

    MuxPair(TransportSettings settings) throws IOException {
        this.settings = settings;
        budget = new ReceiveBudget(settings.receiveBudget());
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            first = SocketChannel.open(server.getLocalAddress());
            second = server.accept();
        }
    }

    MuxPair() throws IOException {
        this(TransportSettings.defaults());
    }

    YamuxConnection initiator() throws IOException {
        return connection(first, Role.INITIATOR);
    }

    YamuxConnection responder() throws IOException {
        return connection(second, Role.RESPONDER);
    }

    private YamuxConnection connection(SocketChannel socket, Role role) throws IOException {
        Multiaddr here = Multiaddr.ofTcp((InetSocketAddress) socket.getLocalAddress());
        Multiaddr there = Multiaddr.ofTcp((InetSocketAddress) socket.getRemoteAddress());
        Direction direction = role == Role.INITIATOR ? Direction.OUTBOUND : Direction.INBOUND;
        Runnable close = () -> {
            try {
                socket.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        };
        ConnectionEnds ends = new ConnectionEnds(PrivateKey.generate().peerId(), here, there, direction, role, ConnectionPath.DIRECT,
                CircuitLimit.none(), close, close);
        return new YamuxConnection(new PlainChannel(socket, pool), ends, settings, pool, loops, deadlines, budget, Log.silent());
    }

    /** A stream's two ends, the initiator's first; the responder's is what its handler has put into the queue. */
    static Stream[] open(YamuxConnection initiator, BlockingQueue<Stream> accepted) throws IOException, InterruptedException {
        Stream here = initiator.openStream();
        here.write(new byte[] {'!'}, 0, 1);
        Stream there = accepted.poll(10, TimeUnit.SECONDS);
        assertEquals('!', there.inputStream().read());
        return new Stream[] {here, there};
    }

    @Override public void close() throws IOException {
        first.close();
        second.close();
        deadlines.close();
        loops.close();
    }
}
