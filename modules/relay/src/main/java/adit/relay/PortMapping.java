package adit.relay;

import adit.multiformats.Multiaddr;
import adit.swarm.AddressScope;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A TCP port of this machine that a gateway forwards from an address of its own.
 *
 * @param means in which protocol the gateway was asked
 * @param gateway that was asked
 * @param port listened on here
 * @param external where others reach it
 * @param lifetime granted, from the time of asking; zero for a mapping without an end
 */
public record PortMapping(MappingMeans means, InetAddress gateway, int port, InetSocketAddress external, Duration lifetime) {
    /** {@link #external} as a multiaddr. */
    public Multiaddr address() {
        return Multiaddr.ofTcp(external);
    }

    /** False when the gateway itself stands behind another NAT: the address means nothing to the public network. */
    public boolean isPublic() {
        return AddressScope.isPublic(address());
    }
}
