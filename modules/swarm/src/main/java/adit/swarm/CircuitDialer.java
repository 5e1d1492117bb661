package adit.swarm;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.transport.Connection;
import java.io.IOException;

/** A way to dial addresses with /p2p-circuit: over a relay. */
@FunctionalInterface
public interface CircuitDialer {
    /**
     * Blocks until there is a connection over the relay that the address names. Bounded in time by itself; interruptible.
     *
     * @param circuit the relay's address with /p2p and /p2p-circuit, without the peer's own /p2p
     * @return authenticated, not started
     * @throws IOException there is none; the message says why, fit for a person
     */
    Connection dial(Multiaddr circuit, PeerId peer) throws IOException;
}
