package adit.relay;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.transport.BufferPool;
import adit.transport.Connection;
import adit.transport.Log;
import adit.transport.Multistream;
import adit.transport.Stream;
import adit.transport.TcpTransport;
import adit.transport.TransportSettings;
import java.io.IOException;
import java.util.List;

/** A peer that does not listen: where its connection comes from nobody answers. */
final class DeafPeer implements AutoCloseable {
    private final TcpTransport transport;
    private Connection connection;

    /** @param host lends its threads */
    DeafPeer(LoopbackNode host) {
        transport = new TcpTransport(PrivateKey.generate(), TransportSettings.defaults(), new BufferPool(2), host.loops, host.deadlines, Log.silent(),
                inbound -> inbound.close("not expected"));
    }

    /** A stream for the protocol, on the one connection to that peer. */
    Stream open(Multiaddr address, PeerId peer, String protocol) throws IOException {
        if (connection == null) {
            connection = transport.dial(address, peer);
            connection.start(Stream::reset, reason -> { });
        }
        Stream stream = connection.openStream();
        Multistream.propose(stream.inputStream(), stream.outputStream(), List.of(protocol));
        return stream;
    }

    @Override public void close() {
        connection.close("the end");
        transport.close();
    }
}
