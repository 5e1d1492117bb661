package adit.swarm;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.transport.BufferPool;
import adit.transport.Connection;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import adit.transport.TcpTransport;
import adit.transport.TransportSettings;
import java.io.IOException;

/** Makes connections like any peer and takes streams, but never says a word on them. */
final class MutePeer implements AutoCloseable {
    final PrivateKey identity = PrivateKey.generate();
    final Multiaddr address;
    private final Loops loops = new Loops(0);
    private final Deadlines deadlines = new Deadlines();
    private final TcpTransport transport;

    MutePeer() throws IOException {
        transport = new TcpTransport(identity, TransportSettings.defaults(), new BufferPool(4), loops, deadlines, Log.silent(),
                MutePeer::start);
        address = transport.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"));
    }

    private static void start(Connection connection) {
        connection.start(stream -> stream.inputStream().readAllBytes(), reason -> { });
    }

    PeerId self() {
        return identity.peerId();
    }

    @Override public void close() {
        transport.close();
        deadlines.close();
        loops.close();
    }
}
