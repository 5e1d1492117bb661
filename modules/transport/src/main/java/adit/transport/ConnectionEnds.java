package adit.transport;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;

/**
 * Who and where the two ends of a connection are.
 *
 * @param limit none but over a relay
 * @param socketClose closes the underlying socket, or circuit, at once, never blocks, idempotent; what has been written still arrives
 * @param socketReset the same, and nothing is left of it: the pair of ports can be dialled again
 */
record ConnectionEnds(PeerId localPeer, Multiaddr localAddress, Multiaddr remoteAddress, Direction direction, Role role, ConnectionPath path,
        CircuitLimit limit, Runnable socketClose, Runnable socketReset) {}
