package adit.multiformats;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** A self-describing network address (multiformats/multiaddr). Immutable, compared by its bytes. */
public final class Multiaddr {
    /** One protocol with its value; value is "" for protocols without one. */
    public record Component(Protocol protocol, String value) {}
    /** Protocols known here; codes of the multicodec table. Complete list is the implementer's. */
    public enum Protocol { IP4, TCP, UDP, IP6, IP6ZONE, IPCIDR, DNS, DNS4, DNS6, DNSADDR, UNIX, P2P, P2P_CIRCUIT, QUIC, QUIC_V1, WEBTRANSPORT, CERTHASH, WEBRTC, WEBRTC_DIRECT, WS, WSS, TLS, SNI, NOISE, HTTP, HTTPS, HTTP_PATH }
    private Multiaddr() {}
    /** Error texts are go-multiaddr's. "/ipfs/ID" is read as "/p2p/ID". */
    public static Multiaddr parse(String text) throws MalformedException { throw new UnsupportedOperationException("written next"); }
    public static Multiaddr fromBytes(byte[] bytes) throws MalformedException { throw new UnsupportedOperationException("written next"); }
    /** /ip4|ip6/…/tcp/PORT (with ip6zone where there is a scope). */
    public static Multiaddr ofTcp(InetSocketAddress address) { throw new UnsupportedOperationException("written next"); }
    public static Multiaddr of(Component... components) throws MalformedException { throw new UnsupportedOperationException("written next"); }
    public byte[] toBytes() { throw new UnsupportedOperationException("written next"); }
    public List<Component> components() { throw new UnsupportedOperationException("written next"); }
    public boolean has(Protocol protocol) { throw new UnsupportedOperationException("written next"); }
    /** Value of the first component of that protocol. */
    public Optional<String> valueOf(Protocol protocol) { throw new UnsupportedOperationException("written next"); }
    /** Value of the last /p2p component: a peer id in base58. */
    public Optional<String> lastPeerId() { throw new UnsupportedOperationException("written next"); }
    public Multiaddr encapsulate(Multiaddr inner) { throw new UnsupportedOperationException("written next"); }
    /** Without a trailing /p2p/ID; the same object where there is none; empty address → Optional.empty(). */
    public Optional<Multiaddr> withoutTrailingPeerId() { throw new UnsupportedOperationException("written next"); }
    /** The socket address of exactly /ip4|ip6/…/tcp/PORT (a trailing /p2p/ID allowed), else empty. Never resolves names. */
    public Optional<InetSocketAddress> toTcp() { throw new UnsupportedOperationException("written next"); }
    @Override public String toString() { throw new UnsupportedOperationException("written next"); }
}
