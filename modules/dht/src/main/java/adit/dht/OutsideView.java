package adit.dht;

import adit.multiformats.Multiaddr;
import java.time.Duration;
import java.util.List;

/**
 * What strangers in one network are told of this node.
 *
 * @param isWide whether it is the public network, or the local one
 * @param asked peers asked, the way to the nearest included
 * @param nearest peers nearest to this node's id that answered: the ones that everybody asks for it in the end, at most k
 * @param telling of those, how many tell where this node is
 * @param addresses all that was told of this node, by whomever, without /p2p; empty when it was not found
 * @param firstAfter time until the first of them was told; null when none was
 */
public record OutsideView(boolean isWide, int asked, int nearest, int telling, List<Multiaddr> addresses, Duration firstAfter) {
    /** Keeps a copy of the list. */
    public OutsideView {
        addresses = List.copyOf(addresses);
    }

    /** Whether a stranger learns an address of this node. */
    public boolean isFound() {
        return !addresses.isEmpty();
    }
}
