package adit.swarm;

import adit.multiformats.Multiaddr;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** From where an IP address can be reached. */
enum AddressScope {
    LOOPBACK, PRIVATE, PUBLIC;

    /** Scope of the IP address in front; empty when the address begins with something else. */
    static Optional<AddressScope> of(Multiaddr address) {
        return address.toTcp().map(InetSocketAddress::getAddress).map(AddressScope::of);
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

    /**
     * Of the addresses a remote peer tells, those that can mean that peer seen from here: loopback ones only when it is
     * connected by loopback, private ones only when it is connected by a private network.
     */
    static List<Multiaddr> plausible(List<Multiaddr> told, Multiaddr remote) {
        AddressScope seen = of(remote).orElse(LOOPBACK);
        return told.stream().filter(address -> of(address).orElse(PUBLIC).compareTo(seen) >= 0).toList();
    }
}
