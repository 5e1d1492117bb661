package adit.tunnel;

import adit.multiformats.Multiaddr;
import adit.multiformats.Multiaddr.Component;
import adit.multiformats.Multiaddr.Protocol;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An address on the local side of a tunnel: where a forwarder listens, or where a listener's service is. */
sealed interface Endpoint {
    /** What the JDK takes: sun_path has 108 bytes, two of which it keeps for itself. */
    int MAXIMUM_PATH_BYTES = 106;

    /** The socket addresses it stands for, at least one. Blocks while a name is resolved. */
    List<SocketAddress> resolve() throws IOException;

    /** As Go writes it in errors: "tcp4 127.0.0.1:22", "unix /run/service". */
    String describe(SocketAddress address);

    /**
     * @param network "tcp4", "tcp6" or, for a name of either family, "tcp"
     * @param host a literal address (with its zone) or a name
     * @param name whether host is a name: only then the family chooses among the addresses
     */
    record Tcp(String network, String host, boolean name, int port) implements Endpoint {
        @Override public List<SocketAddress> resolve() throws IOException {
            List<SocketAddress> addresses = new ArrayList<>();
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!name || matches(address)) {
                    addresses.add(new InetSocketAddress(address, port));
                }
            }
            if (addresses.isEmpty()) {
                throw new UnknownHostException(host + ": no address of the family " + network);
            }
            return addresses;
        }

        private boolean matches(InetAddress address) {
            return switch (network) {
                case "tcp4" -> address instanceof Inet4Address;
                case "tcp6" -> address instanceof Inet6Address;
                default -> true;
            };
        }

        @Override public String describe(SocketAddress address) {
            Multiaddr tcp = Multiaddr.ofTcp((InetSocketAddress) address);
            String zone = tcp.valueOf(Protocol.IP6ZONE).map(name -> "%" + name).orElse("");
            String literal = tcp.valueOf(Protocol.IP6).map(six -> "[" + six + zone + "]").or(() -> tcp.valueOf(Protocol.IP4)).orElseThrow();
            return network + " " + literal + ":" + tcp.valueOf(Protocol.TCP).orElseThrow();
        }
    }

    /** @param path absolute */
    record Unix(String path) implements Endpoint {
        @Override public List<SocketAddress> resolve() {
            return List.of(UnixDomainSocketAddress.of(path));
        }

        @Override public String describe(SocketAddress address) {
            return "unix " + path;
        }
    }

    /** What a listener dials; IllegalArgumentException with the reason, Kubo's words where Kubo has them. */
    static Endpoint ofTarget(Multiaddr address) {
        return parse(address, false);
    }

    /** What a forwarder binds; port 0 lets the kernel choose. */
    static Endpoint ofListen(Multiaddr address) {
        return parse(address, true);
    }

    private static Endpoint parse(Multiaddr address, boolean anyPort) {
        List<Component> components = address.components();
        if (!components.isEmpty() && components.getFirst().protocol() == Protocol.UNIX) {
            return unix(components.getFirst().value());
        }
        boolean tcp = address.has(Protocol.TCP);
        if (!tcp && !address.has(Protocol.UDP)) {
            throw new IllegalArgumentException("address does not contain tcp or udp protocol");
        }
        int port = Integer.parseInt(address.valueOf(tcp ? Protocol.TCP : Protocol.UDP).orElseThrow());
        if (port == 0 && !anyPort) {
            throw new IllegalArgumentException("port can not be 0");
        }
        if (!tcp) {
            throw new IllegalArgumentException("udp is not supported: a tunnel carries a stream of bytes, the limits of datagrams would be lost");
        }
        return tcp(address, components, port);
    }

    private static Tcp tcp(Multiaddr address, List<Component> components, int port) {
        boolean zoned = components.getFirst().protocol() == Protocol.IP6ZONE;
        int at = zoned ? 1 : 0;
        Component host = components.get(at);
        String network = switch (host.protocol()) {
            case IP4, DNS4 -> "tcp4";
            case IP6, DNS6 -> "tcp6";
            case DNS -> "tcp";
            default -> "";
        };
        boolean shape = !network.isEmpty() && (!zoned || host.protocol() == Protocol.IP6)
                && components.size() > at + 1 && components.get(at + 1).protocol() == Protocol.TCP;
        if (!shape) {
            throw new IllegalArgumentException("cannot use address " + address
                    + ": it must look like /ip4/127.0.0.1/tcp/22, /ip6/::1/tcp/22, /dns4/localhost/tcp/22 or /unix/run/service.sock");
        }
        if (components.size() > at + 2) {
            throw new IllegalArgumentException("nothing may follow the port in " + address);
        }
        boolean name = host.protocol() != Protocol.IP4 && host.protocol() != Protocol.IP6;
        return new Tcp(network, zoned ? host.value() + "%" + components.getFirst().value() : host.value(), name, port);
    }

    private static Unix unix(String value) {
        String path = value.startsWith("/") ? value : "/" + value;
        int length = path.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAXIMUM_PATH_BYTES) {
            throw new IllegalArgumentException("path of the unix socket is too long: " + length + " bytes, at most " + MAXIMUM_PATH_BYTES);
        }
        return new Unix(path);
    }
}
