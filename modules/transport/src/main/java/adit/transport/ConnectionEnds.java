package adit.transport;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;

/**
 * Who and where the two ends of a connection are.
 *
 * @param socketClose closes the underlying socket at once, never blocks, idempotent
 */
record ConnectionEnds(PeerId localPeer, Multiaddr localAddress, Multiaddr remoteAddress, Direction direction, Role role, Runnable socketClose) {}
