package adit.swarm;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.transport.BufferPool;
import adit.transport.Connection;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import adit.transport.Stream;
import adit.transport.StreamHandler;
import adit.transport.TransportSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The node: one identity, its connections, and the protocols it serves. */
public final class Swarm implements AutoCloseable {
    public Swarm(PrivateKey identity, SwarmSettings settings, TransportSettings transport, BufferPool pool, Loops loops, Deadlines deadlines, Log log) { throw new UnsupportedOperationException("written next"); }
    public PeerId self() { throw new UnsupportedOperationException("written next"); }
    public adit.identity.PublicKey publicKey() { throw new UnsupportedOperationException("written next"); }
    /** Also right after start. Port 0 lets the kernel choose. Returns the address bound. */
    public Multiaddr listen(Multiaddr address) throws IOException { throw new UnsupportedOperationException("written next"); }
    /** As bound, wildcards included. */
    public List<Multiaddr> listenAddresses() { throw new UnsupportedOperationException("written next"); }
    /** What others are told: wildcards replaced by the interfaces' addresses. */
    public List<Multiaddr> announcedAddresses() { throw new UnsupportedOperationException("written next"); }
    /** Serves a protocol by its exact name; identify push tells connected peers. advertised=false keeps the name out of identify. IllegalStateException when taken. */
    public void handle(String protocol, boolean advertised, StreamHandler handler) { throw new UnsupportedOperationException("written next"); }
    public void unhandle(String protocol) { throw new UnsupportedOperationException("written next"); }
    public List<String> protocols() { throw new UnsupportedOperationException("written next"); }
    /** An open connection to the peer, dialled by the addresses known when there is none. Blocks at most connectTimeout; interruptible. Message names each address with its error. */
    public Connection connect(PeerId peer) throws IOException { throw new UnsupportedOperationException("written next"); }
    /** Opens a stream, connecting first if needed; lazily negotiated when the peer is known to speak the protocol. Blocks at most openTimeout; interruptible. ProtocolNotSupportedException when the peer refuses the name. */
    public Stream openStream(PeerId peer, String protocol) throws IOException { throw new UnsupportedOperationException("written next"); }
    /** True when openStream will not have to dial. */
    public boolean isConnected(PeerId peer) { throw new UnsupportedOperationException("written next"); }
    /** Closes all connections to the peer; how many there were. */
    public int disconnect(PeerId peer, String reason) { throw new UnsupportedOperationException("written next"); }
    public List<Connection> connections() { throw new UnsupportedOperationException("written next"); }
    public AddressBook addressBook() { throw new UnsupportedOperationException("written next"); }
    /** What identify told of a connected (or recently connected) peer. */
    public Optional<IdentifiedPeer> identified(PeerId peer) { throw new UnsupportedOperationException("written next"); }
    /** Waits for identify of a connected peer, at most identifyTimeout. */
    public IdentifiedPeer awaitIdentified(PeerId peer) throws IOException { throw new UnsupportedOperationException("written next"); }
    /** One round trip of /ipfs/ping/1.0.0; connects first if needed. */
    public Duration ping(PeerId peer) throws IOException { throw new UnsupportedOperationException("written next"); }
    /** The peer's connections are not closed to make room while any tag holds them. */
    public void protect(PeerId peer, String tag) { throw new UnsupportedOperationException("written next"); }
    public void unprotect(PeerId peer, String tag) { throw new UnsupportedOperationException("written next"); }
    /** Keeps trying to stay connected to the peer (back-off 5 s to 10 min) and protects it until unpeered. */
    public void peer(PeerId peer) { throw new UnsupportedOperationException("written next"); }
    public void unpeer(PeerId peer) { throw new UnsupportedOperationException("written next"); }
    public List<PeerId> peered() { throw new UnsupportedOperationException("written next"); }
    @Override public void close() { throw new UnsupportedOperationException("written next"); }
}
