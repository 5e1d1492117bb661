package adit.dht;

import adit.multiformats.Multiaddr;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/**
 * The neighbourhood of an IP address that one owner may well hold whole: an IPv4 /16, or the /8 where one was given away
 * whole, and an IPv6 /32. Who wants many places in a routing table needs addresses in many of them.
 */
record NetworkGroup(boolean isVersion6, int prefix) {
    /** The /8 networks of single companies, as go-libp2p knows them. */
    private static final Set<Integer> WHOLE_NETWORKS = Set.of(12, 17, 19, 38, 48, 53, 56, 73);

    /** Empty for an address that does not begin with an IP address, and for one through a relay. */
    static Optional<NetworkGroup> of(Multiaddr address) {
        Multiaddr.Component first = address.components().getFirst();
        boolean isIp = first.protocol() == Multiaddr.Protocol.IP4 || first.protocol() == Multiaddr.Protocol.IP6;
        return isIp && !address.has(Multiaddr.Protocol.P2P_CIRCUIT) ? Optional.of(of(InetAddress.ofLiteral(first.value()))) : Optional.empty();
    }

    static NetworkGroup of(InetAddress address) {
        byte[] bytes = address.getAddress();
        int prefix = ByteBuffer.wrap(bytes).getInt();
        if (bytes.length == 16) {
            return new NetworkGroup(true, prefix);
        }
        return new NetworkGroup(false, WHOLE_NETWORKS.contains(prefix >>> 24) ? prefix & 0xff00_0000 : prefix & 0xffff_0000);
    }
}
