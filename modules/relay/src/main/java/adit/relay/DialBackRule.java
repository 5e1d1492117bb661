package adit.relay;

import adit.multiformats.Multiaddr;
import adit.swarm.AddressScope;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which addresses are dialled because a peer asks for it: public ones of TCP over IP, of a version of IP that this node has, and not
 * this node's own. Relayed and private ones never, and no names: who owns the name would choose what is dialled.
 */
final class DialBackRule {
    private final Supplier<List<Multiaddr>> own;
    private final boolean hasLocalAddresses;

    /** @param own the addresses of this node */
    DialBackRule(Supplier<List<Multiaddr>> own, boolean hasLocalAddresses) {
        this.own = own;
        this.hasLocalAddresses = hasLocalAddresses;
    }

    boolean allows(Multiaddr address) {
        InetSocketAddress remote = address.toTcp().orElse(null);
        if (remote == null || remote.getPort() == 0 || remote.getAddress().isAnyLocalAddress() || remote.getAddress().isMulticastAddress()) {
            return false;
        }
        return hasLocalAddresses || AddressScope.isPublic(address) && isElsewhere(remote.getAddress());
    }

    private boolean isElsewhere(InetAddress remote) {
        List<InetAddress> here = own.get().stream().flatMap(address -> ip(address).stream()).toList();
        boolean isOwn = here.contains(remote);
        boolean hasVersion = here.stream().anyMatch(each -> each.getClass() == remote.getClass() && !each.isLoopbackAddress());
        return hasVersion && !isOwn;
    }

    /** Whether both are of one IP address; false when either is of none. */
    static boolean haveSameIp(Multiaddr one, Multiaddr other) {
        Optional<InetAddress> ip = ip(one);
        return ip.isPresent() && ip.equals(ip(other));
    }

    private static Optional<InetAddress> ip(Multiaddr address) {
        return address.toTcp().map(InetSocketAddress::getAddress);
    }
}
