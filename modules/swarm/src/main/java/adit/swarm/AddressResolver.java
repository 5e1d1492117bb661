package adit.swarm;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.util.List;

/** Turns /dnsaddr/NAME into addresses that can be dialled. */
@FunctionalInterface
public interface AddressResolver {
    /**
     * Blocks while the DNS is asked.
     *
     * @param address begins with /dnsaddr
     * @param peer whose addresses are wanted: those of others are left out
     * @return none of /dnsaddr, without /p2p, a bounded number
     * @throws IOException there is none; the message says why
     */
    List<Multiaddr> resolve(Multiaddr address, PeerId peer) throws IOException;
}
