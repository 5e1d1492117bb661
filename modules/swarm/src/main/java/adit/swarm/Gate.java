package adit.swarm;

import adit.identity.PeerId;

/**
 * Who may use a protocol. Everybody else gets the answer of a node that does not serve it ("na", multistream-select), and identify does not
 * tell them its name. Called from any thread; must not block.
 */
@FunctionalInterface
public interface Gate {
    /** For everybody. */
    Gate OPEN = peer -> true;

    /** Whether the peer may use it now. */
    boolean admits(PeerId peer);

    /** A peer that is not admitted has asked for it. */
    default void turnedAway(PeerId peer) {}
}
