package adit.relay;

import adit.multiformats.Multiaddr;
import adit.swarm.AddressScope;
import adit.swarm.Swarm;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which addresses a hole punch tells and dials: those of TCP in the public network, and of the own network for a peer behind the same NAT. */
class PunchAddresses {
    private final Swarm swarm;

    PunchAddresses(Swarm swarm) {
        this.swarm = swarm;
    }

    /**
     * By which this node can be dialled while it dials: as its peers see it, then those it tells everybody.
     *
     * @param remote the remote peer's, as far as it has told them: with one of our own IP addresses it is behind the same NAT, which may not send back
     *        what its hosts send to its outside
     */
    List<Multiaddr> own(List<Multiaddr> remote) {
        Set<Multiaddr> own = new LinkedHashSet<>(swarm.ownAddresses().observed());
        own.addAll(swarm.announcedAddresses());
        own.removeIf(address -> !isPublic(address));
        List<Multiaddr> told = new ArrayList<>();
        if (isSameSite(remote)) {
            swarm.ownAddresses().ofInterfaces().stream().filter(address -> AddressScope.of(address).filter(AddressScope.PRIVATE::equals).isPresent())
                    .forEach(told::add);
        }
        told.addAll(own);
        return told;
    }

    /** Those that are dialled. */
    List<Multiaddr> acceptable(List<Multiaddr> remote) {
        boolean isSameSite = isSameSite(remote);
        return remote.stream().filter(address -> isPublic(address) || isSameSite && isPrivate(address)).toList();
    }

    /** Those a peer tells in identify that may be dialled as they are. */
    List<Multiaddr> reversible(List<Multiaddr> told) {
        return told.stream().filter(PunchAddresses::isPublic).toList();
    }

    private boolean isSameSite(List<Multiaddr> remote) {
        Set<InetAddress> own = ips(swarm.ownAddresses().observed());
        return ips(remote.stream().filter(PunchAddresses::isPublic).toList()).stream().anyMatch(own::contains);
    }

    private static Set<InetAddress> ips(List<Multiaddr> addresses) {
        return addresses.stream().flatMap(address -> address.toTcp().stream()).map(InetSocketAddress::getAddress).collect(Collectors.toSet());
    }

    private static boolean isPrivate(Multiaddr address) {
        return address.toTcp().isPresent() && AddressScope.of(address).filter(AddressScope.PRIVATE::equals).isPresent();
    }

    private static boolean isPublic(Multiaddr address) {
        return address.toTcp().isPresent() && AddressScope.isPublic(address);
    }
}
