package adit.swarm;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.util.List;
import java.util.function.Consumer;

/** A way to find addresses of a peer: asked when those known do not lead to it. */
@FunctionalInterface
public interface AddressFinder {
    /**
     * Blocks until the search is over; whoever has enough interrupts it. Bounded in time by itself.
     *
     * @param found takes addresses, without /p2p, as they are found; they are dialled meanwhile
     * @return what came of the search, in words that follow a dial's failure: "12 peers of the DHT do not know it"
     */
    String find(PeerId peer, Consumer<List<Multiaddr>> found) throws InterruptedException;
}
