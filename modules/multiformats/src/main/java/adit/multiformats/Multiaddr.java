package adit.multiformats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A self-describing network address (multiformats/multiaddr). Immutable, compared by its bytes. */
public final class Multiaddr {
    /** Longest binary form; the longest in use have about 300 bytes. */
    static final int MAXIMUM_BYTES = 1024;
    /** Longest text form: no byte becomes more than seven characters. */
    static final int MAXIMUM_CHARACTERS = 7 * MAXIMUM_BYTES;

    private final List<Component> components;
    private final byte[] bytes;

    /**
     * One protocol with its value.
     *
     * @param value "" for protocols without one
     */
    public record Component(Protocol protocol, String value) {}

    /** Protocols known here, with the codes of the multicodec table. */
    public enum Protocol {
        IP4(4, "ip4", 4), TCP(6, "tcp", 2), UDP(273, "udp", 2), IP6(41, "ip6", 16), IP6ZONE(42, "ip6zone", -1), IPCIDR(43, "ipcidr", 1),
        DNS(53, "dns", -1), DNS4(54, "dns4", -1), DNS6(55, "dns6", -1), DNSADDR(56, "dnsaddr", -1), UNIX(400, "unix", -1),
        P2P(421, "p2p", -1), P2P_CIRCUIT(290, "p2p-circuit", 0), QUIC(460, "quic", 0), QUIC_V1(461, "quic-v1", 0),
        WEBTRANSPORT(465, "webtransport", 0), CERTHASH(466, "certhash", -1), WEBRTC(281, "webrtc", 0),
        WEBRTC_DIRECT(280, "webrtc-direct", 0), WS(477, "ws", 0), WSS(478, "wss", 0), TLS(448, "tls", 0), SNI(449, "sni", -1),
        NOISE(454, "noise", 0), HTTP(480, "http", 0), HTTPS(443, "https", 0), HTTP_PATH(481, "http-path", -1);

        private final int code;
        private final String text;
        private final int size;

        /** @param size of the binary value, bytes; -1 for one with a length in front */
        Protocol(int code, String text, int size) {
            this.code = code;
            this.text = text;
            this.size = size;
        }

        /** The number of the multicodec table. */
        public int code() {
            return code;
        }

        boolean hasValue() {
            return size != 0;
        }

        /** The name in text form. */
        @Override public String toString() {
            return text;
        }

        private static Protocol named(String name) throws MalformedException {
            for (Protocol protocol : values()) {
                if (protocol.text.equals(name)) {
                    return protocol;
                }
            }
            if (name.equals("ipfs")) {
                return P2P;
            }
            throw new MalformedException("unknown protocol " + name);
        }

        private static Protocol coded(long code) throws MalformedException {
            for (Protocol protocol : values()) {
                if (protocol.code == code) {
                    return protocol;
                }
            }
            throw new MalformedException("no protocol with code " + code);
        }
    }

    private Multiaddr(byte[] bytes) throws MalformedException {
        if (bytes.length > MAXIMUM_BYTES) {
            throw new MalformedException("multiaddr of " + bytes.length + " bytes is over the limit of " + MAXIMUM_BYTES);
        }
        this.bytes = bytes;
        this.components = read(ByteBuffer.wrap(bytes));
    }

    /**
     * Reads the text form; "/ipfs/ID" is read as "/p2p/ID".
     *
     * @throws MalformedException in go-multiaddr's words
     */
    public static Multiaddr parse(String text) throws MalformedException {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        String trimmed = text.substring(0, end);
        try {
            return new Multiaddr(encode(trimmed));
        } catch (MalformedException e) {
            throw new MalformedException("failed to parse multiaddr \"" + trimmed + "\": " + e.getMessage(), e);
        }
    }

    private static byte[] encode(String text) throws MalformedException {
        if (text.isEmpty()) {
            throw new MalformedException("empty multiaddr");
        }
        if (!text.startsWith("/")) {
            throw new MalformedException("must begin with /");
        }
        if (text.length() > MAXIMUM_CHARACTERS) {
            throw new MalformedException("longer than " + MAXIMUM_CHARACTERS + " characters");
        }
        String[] parts = text.split("/", -1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 1; i < parts.length; i++) {
            Protocol protocol = Protocol.named(parts[i]);
            if (!protocol.hasValue()) {
                encode(protocol, "", out);
            } else if (i + 1 == parts.length) {
                throw new MalformedException("unexpected end of multiaddr");
            } else if (protocol == Protocol.UNIX) {
                encode(protocol, "/" + String.join("/", Arrays.asList(parts).subList(i + 1, parts.length)), out);
                break;
            } else {
                encode(protocol, parts[++i], out);
            }
        }
        return out.toByteArray();
    }

    private static byte[] encode(List<Component> components) throws MalformedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Component component : components) {
            encode(component.protocol(), component.value(), out);
        }
        return out.toByteArray();
    }

    private static void encode(Protocol protocol, String text, ByteArrayOutputStream out) throws MalformedException {
        byte[] value = AddressValue.toBytes(protocol, text);
        out.writeBytes(Varint.encode(protocol.code));
        if (protocol.size < 0) {
            out.writeBytes(Varint.encode(value.length));
        }
        out.writeBytes(value);
    }

    /** Reads the binary form. */
    public static Multiaddr fromBytes(byte[] bytes) throws MalformedException {
        if (bytes.length == 0) {
            throw new MalformedException("empty multiaddr");
        }
        return new Multiaddr(bytes.clone());
    }

    private static List<Component> read(ByteBuffer from) throws MalformedException {
        List<Component> components = new ArrayList<>();
        while (from.hasRemaining()) {
            if (!components.isEmpty() && components.getLast().protocol() == Protocol.UNIX) {
                throw new MalformedException("unexpected component after path component");
            }
            Protocol protocol = Protocol.coded(Varint.decode(from));
            long size = protocol.size < 0 ? Varint.decode(from) : protocol.size;
            if (size > from.remaining()) {
                throw new MalformedException("unexpected end of multiaddr");
            }
            byte[] value = new byte[(int) size];
            from.get(value);
            components.add(new Component(protocol, AddressValue.toText(protocol, value)));
        }
        return List.copyOf(components);
    }

    /**
     * /ip4|ip6/…/tcp/PORT, with /ip6zone in front where the address has a scope.
     *
     * @throws IllegalArgumentException the address is a name that has not been resolved
     */
    public static Multiaddr ofTcp(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("not resolved: " + address);
        }
        List<Component> components = new ArrayList<>();
        InetAddress ip = address.getAddress();
        if (ip instanceof Inet6Address six && six.getScopeId() != 0) {
            components.add(new Component(Protocol.IP6ZONE, IpZone.of(six)));
        }
        Protocol family = ip instanceof Inet6Address ? Protocol.IP6 : Protocol.IP4;
        try {
            components.add(new Component(family, AddressValue.toText(family, ip.getAddress())));
            components.add(new Component(Protocol.TCP, Integer.toString(address.getPort())));
            return new Multiaddr(encode(components));
        } catch (MalformedException e) {
            throw new IllegalArgumentException("no multiaddr for " + address, e);
        }
    }

    /** An address of these components. */
    public static Multiaddr of(Component... components) throws MalformedException {
        if (components.length == 0) {
            throw new MalformedException("empty multiaddr");
        }
        return new Multiaddr(encode(List.of(components)));
    }

    /** A copy of the binary form. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The parts in order, unmodifiable. */
    public List<Component> components() {
        return components;
    }

    /** True when a component of that protocol is there. */
    public boolean has(Protocol protocol) {
        return valueOf(protocol).isPresent();
    }

    /** Value of the first component of that protocol. */
    public Optional<String> valueOf(Protocol protocol) {
        for (Component component : components) {
            if (component.protocol() == protocol) {
                return Optional.of(component.value());
            }
        }
        return Optional.empty();
    }

    /** Value of the last /p2p component: a peer id in base58. */
    public Optional<String> lastPeerId() {
        for (Component component : components.reversed()) {
            if (component.protocol() == Protocol.P2P) {
                return Optional.of(component.value());
            }
        }
        return Optional.empty();
    }

    /**
     * This address followed by the other one.
     *
     * @throws IllegalArgumentException this one ends in a path, which nothing can follow, or both together are too long
     */
    public Multiaddr encapsulate(Multiaddr inner) {
        byte[] both = Arrays.copyOf(bytes, bytes.length + inner.bytes.length);
        System.arraycopy(inner.bytes, 0, both, bytes.length, inner.bytes.length);
        try {
            return new Multiaddr(both);
        } catch (MalformedException e) {
            throw new IllegalArgumentException(this + " cannot be followed by " + inner + ": " + e.getMessage(), e);
        }
    }

    /** Without a trailing /p2p/ID; the same object where there is none; empty when nothing is left. */
    public Optional<Multiaddr> withoutTrailingPeerId() {
        if (components.getLast().protocol() != Protocol.P2P) {
            return Optional.of(this);
        }
        if (components.size() == 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Multiaddr(encode(components.subList(0, components.size() - 1))));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    /** The socket address of exactly [/ip6zone/…]/ip4|ip6/…/tcp/PORT (a trailing /p2p/ID allowed), else empty. Never resolves names. */
    public Optional<InetSocketAddress> toTcp() {
        int last = components.size() - (components.getLast().protocol() == Protocol.P2P ? 1 : 0);
        int first = components.getFirst().protocol() == Protocol.IP6ZONE ? 1 : 0;
        if (last - first != 2 || components.get(first + 1).protocol() != Protocol.TCP) {
            return Optional.empty();
        }
        Component ip = components.get(first);
        if (ip.protocol() != Protocol.IP6 && (ip.protocol() != Protocol.IP4 || first != 0)) {
            return Optional.empty();
        }
        try {
            byte[] address = AddressValue.toBytes(ip.protocol(), ip.value());
            InetAddress inet = first == 0 ? InetAddress.getByAddress(address) : IpZone.scoped(address, components.getFirst().value());
            return Optional.of(new InetSocketAddress(inet, Integer.parseInt(components.get(first + 1).value())));
        } catch (IOException e) {
            // a zone that this machine does not have
            return Optional.empty();
        }
    }

    @Override public boolean equals(Object other) {
        return other instanceof Multiaddr address && Arrays.equals(bytes, address.bytes);
    }

    @Override public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The text form. */
    @Override public String toString() {
        StringBuilder text = new StringBuilder();
        for (Component component : components) {
            text.append('/').append(component.protocol());
            if (component.protocol() == Protocol.UNIX) {
                text.append(component.value());
            } else if (component.protocol().hasValue()) {
                text.append('/').append(component.value());
            }
        }
        return text.toString();
    }
}
