package adit.transport;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Dials and listens on TCP; dials leave from the listening port. Every connection it returns is authenticated and multiplexed but not started. */
public final class TcpTransport implements AutoCloseable {
    /** onInbound is called on a thread of its own for each accepted connection whose handshake succeeded. */
    public TcpTransport(PrivateKey identity, TransportSettings settings, BufferPool pool, Loops loops, Deadlines deadlines, Log log, Consumer<Connection> onInbound) { throw new UnsupportedOperationException("written next"); }
    /** Port 0 lets the kernel choose; returns the address bound. */
    public Multiaddr listen(Multiaddr address) throws IOException { throw new UnsupportedOperationException("written next"); }
    public List<Multiaddr> listenAddresses() { throw new UnsupportedOperationException("written next"); }
    /** Only /ip4|ip6/…/tcp/PORT. Blocks at most dial plus handshake timeout; an interrupt ends it at once. expected may be null: then whoever answers. */
    public Connection dial(Multiaddr address, PeerId expected) throws IOException { throw new UnsupportedOperationException("written next"); }
    @Override public void close() { throw new UnsupportedOperationException("written next"); }
}
