package adit.swarm;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.identity.PublicKey;
import adit.multiformats.Multiaddr;
import adit.transport.CircuitLimit;
import adit.transport.Connection;
import adit.transport.ConnectionPath;
import adit.transport.Direction;
import adit.transport.Stream;
import adit.transport.StreamHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** A connection in name only, from wherever and as old as a test of the rules wants it. */
final class StubConnection implements Connection {
    static final PrivateKey HERE = PrivateKey.generate();

    private final PublicKey remoteKey;
    private final PeerId remotePeer;
    private final Direction direction;
    private final Multiaddr remoteAddress;
    private Instant opened = Instant.now();
    private final List<Stream> streams = new ArrayList<>();
    private String closeReason;

    private StubConnection(PrivateKey remote, Direction direction, Multiaddr remoteAddress) {
        remoteKey = remote.publicKey();
        remotePeer = remote.peerId();
        this.direction = direction;
        this.remoteAddress = remoteAddress;
    }

    static StubConnection from(PrivateKey remote, Direction direction, String remoteAddress) {
        return new StubConnection(remote, direction, Peers.address(remoteAddress));
    }

    StubConnection aged(Duration age) {
        opened = Instant.now().minus(age);
        return this;
    }

    void setStreams(int count) {
        streams.clear();
        streams.addAll(Collections.nCopies(count, null));
    }

    String closeReason() {
        return closeReason;
    }

    @Override public void start(StreamHandler handler, Consumer<String> onClose) {}

    @Override public PeerId localPeer() {
        return HERE.peerId();
    }

    @Override public PeerId remotePeer() {
        return remotePeer;
    }

    @Override public PublicKey remoteKey() {
        return remoteKey;
    }

    @Override public Multiaddr localAddress() {
        return Peers.address("/ip4/127.0.0.1/tcp/4001");
    }

    @Override public Multiaddr remoteAddress() {
        return remoteAddress;
    }

    @Override public Direction direction() {
        return direction;
    }

    @Override public ConnectionPath path() {
        return remoteAddress.has(Multiaddr.Protocol.P2P_CIRCUIT) ? ConnectionPath.RELAYED : ConnectionPath.DIRECT;
    }

    @Override public CircuitLimit limit() {
        return CircuitLimit.none();
    }

    @Override public String security() {
        return "/noise";
    }

    @Override public String muxer() {
        return "/yamux/1.0.0";
    }

    @Override public Instant opened() {
        return opened;
    }

    @Override public Duration roundTrip() {
        return Duration.ZERO;
    }

    @Override public Stream openStream() {
        throw new UnsupportedOperationException();
    }

    @Override public Stream openStreamLazily(String protocol) {
        throw new UnsupportedOperationException();
    }

    @Override public void probe() {}

    @Override public List<Stream> streams() {
        return streams;
    }

    @Override public boolean isOpen() {
        return closeReason == null;
    }

    @Override public void close(String reason) {
        closeReason = reason;
    }
}
