package adit.swarm;

import adit.multiformats.Multiaddr;
import adit.multiformats.Multiaddr.Component;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** From where an IP address can be reached. */
public enum AddressScope {
    /** From this machine. */
    LOOPBACK,
    /** From the networks of its own machine. */
    PRIVATE,
    /** From everywhere, as far as the address tells. */
    PUBLIC;

    /** Names that resolve in private networks only, or nowhere (RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476). */
    private static final List<String> PRIVATE_DOMAINS =
            List.of("localhost", "local", "home.arpa", "internal", "test", "invalid", "onion", "alt", "in-addr.arpa", "ip6.arpa");

    /** Blocks that no route of the internet leads to; private and loopback ones are told by the JDK. */
    private static final List<IpNetwork> UNROUTED = List.of(
            IpNetwork.of("0.0.0.0", 8), IpNetwork.of("192.0.0.0", 26), IpNetwork.of("192.0.2.0", 24), IpNetwork.of("192.88.99.0", 24),
            IpNetwork.of("198.18.0.0", 15), IpNetwork.of("198.51.100.0", 24), IpNetwork.of("203.0.113.0", 24), IpNetwork.of("224.0.0.0", 4),
            IpNetwork.of("240.0.0.0", 4), IpNetwork.of("2001:db8::", 32));
    private static final IpNetwork GLOBAL_UNICAST = IpNetwork.of("2000::", 3);
    private static final IpNetwork NAT64 = IpNetwork.of("64:ff9b::", 96);

    /** Scope of the IP address in front, whatever follows; empty when the address begins with something else. */
    public static Optional<AddressScope> of(Multiaddr address) {
        return ip(address).map(AddressScope::of);
    }

    static AddressScope of(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return LOOPBACK;
        }
        boolean local = address.isSiteLocalAddress() || address.isLinkLocalAddress() || address.isAnyLocalAddress();
        byte[] bytes = address.getAddress();
        boolean special = address instanceof Inet6Address
                ? (bytes[0] & 0xfe) == 0xfc // unique local, RFC 4193
                : bytes[0] == 100 && (bytes[1] & 0xc0) == 64; // carrier-grade NAT, RFC 6598
        return local || special ? PRIVATE : PUBLIC;
    }

    /** The IP address in front, whatever follows it. */
    static Optional<InetAddress> ip(Multiaddr address) {
        List<Component> components = address.components();
        Component first = components.getFirst();
        if (first.protocol() == Multiaddr.Protocol.IP6ZONE && components.size() > 1) {
            first = components.get(1);
        }
        return switch (first.protocol()) {
            case IP4, IP6 -> Optional.of(InetAddress.ofLiteral(first.value()));
            default -> Optional.empty();
        };
    }

    /**
     * Whether the address may mean something to everybody: what is told to the public network and dialled because of it, as
     * go-multiaddr's IsPublicAddr. Names count unless their domain is a private one; addresses of documentation, multicast and
     * the like do not.
     */
    public static boolean isPublic(Multiaddr address) {
        Component first = address.components().getFirst();
        return switch (first.protocol()) {
            case DNS, DNS4, DNS6, DNSADDR -> isPublicName(first.value());
            default -> ip(address).filter(AddressScope::isPublic).isPresent();
        };
    }

    private static boolean isPublic(InetAddress ip) {
        if (of(ip) != PUBLIC || UNROUTED.stream().anyMatch(network -> network.contains(ip))) {
            return false;
        }
        return !(ip instanceof Inet6Address) || GLOBAL_UNICAST.contains(ip) || NAT64.contains(ip) && isPublic(embedded(ip));
    }

    /** The IPv4 address that a NAT64 address means (RFC 6052). */
    private static InetAddress embedded(InetAddress ip) {
        byte[] bytes = ip.getAddress();
        try {
            return InetAddress.getByAddress(new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isPublicName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String bare = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        return PRIVATE_DOMAINS.stream().noneMatch(domain -> bare.equals(domain) || bare.endsWith("." + domain));
    }

    /**
     * Of the addresses a remote peer tells, those that can mean that peer seen from here: loopback ones only when it is
     * connected by loopback, private ones only when it is connected by a private network.
     */
    static List<Multiaddr> plausible(List<Multiaddr> told, Multiaddr remote) {
        AddressScope seen = of(remote).orElse(LOOPBACK);
        return told.stream().filter(address -> of(address).orElse(PUBLIC).compareTo(seen) >= 0).toList();
    }
}
