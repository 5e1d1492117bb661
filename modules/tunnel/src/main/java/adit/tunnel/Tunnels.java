package adit.tunnel;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.Swarm;
import adit.transport.BufferPool;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** All tunnels of a daemon. Argument errors are IllegalArgumentException with Kubo's words where Kubo has them. */
public final class Tunnels implements AutoCloseable {
    public Tunnels(Swarm swarm, TunnelSettings settings, BufferPool pool, Loops loops, Deadlines deadlines, Log log) { throw new UnsupportedOperationException("written next"); }
    /** allowed empty: any peer may use it. IllegalStateException "listener already registered". */
    public Listener listen(String protocol, Multiaddr target, boolean reportPeerId, boolean allowCustomProtocol, boolean advertised, Set<PeerId> allowed) { throw new UnsupportedOperationException("written next"); }
    /** addresses (may be empty) are kept as long as the forwarder lives. IOException when the local address cannot be bound. */
    public Forwarder forward(String protocol, Multiaddr listen, PeerId peer, List<Multiaddr> addresses, boolean allowCustomProtocol) throws IOException { throw new UnsupportedOperationException("written next"); }
    /** Forwarders first, then listeners, each in the order of setting up. */
    public List<Tunnel> list() { throw new UnsupportedOperationException("written next"); }
    /** Ends the matching ones for new connections, leaves live streams alone; what was closed. Their onClosed actions run. */
    public List<Tunnel> close(Predicate<Tunnel> which) { throw new UnsupportedOperationException("written next"); }
    /** Blocks until the tunnel is closed (for foreground commands). */
    public void awaitClosed(Tunnel tunnel) throws InterruptedException { throw new UnsupportedOperationException("written next"); }
    /** By id. */
    public List<LiveStream> streams() { throw new UnsupportedOperationException("written next"); }
    /** Aborts it; false when there is none of that id. */
    public boolean closeStream(long id) { throw new UnsupportedOperationException("written next"); }
    /** Aborts all; how many. */
    public int closeStreams() { throw new UnsupportedOperationException("written next"); }
    /** Connects a local channel that is already open (nc) to a peer's protocol and copies until both directions have ended; blocks. initial: bytes already read from it. onOpen runs once the stream is open, before any byte is copied. */
    public void connect(String protocol, PeerId peer, boolean allowCustomProtocol, SocketChannel local, byte[] initial, Runnable onOpen) throws IOException { throw new UnsupportedOperationException("written next"); }
    /** Stops listening, drains for drainTimeout, aborts the rest. */
    @Override public void close() { throw new UnsupportedOperationException("written next"); }
}
