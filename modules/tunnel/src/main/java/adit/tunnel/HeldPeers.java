package adit.tunnel;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.AddressBook;
import adit.swarm.Swarm;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The peers forwarders lead to: their given addresses are remembered, their connections protected and dialled again
 * ahead of need, as long as one forwarder lives. The lock guards the holds; the swarm's calls under it do not block.
 */
final class HeldPeers {
    private static final String TAG = "forwarder";

    private static final class Hold {
        private int forwarders;
        private boolean addressesGiven;
        /** The user may have peered it before: then it stays peered. */
        private boolean peered;
    }

    private final Swarm swarm;
    private final Map<PeerId, Hold> holds = new HashMap<>();

    HeldPeers(Swarm swarm) {
        this.swarm = swarm;
    }

    /** One forwarder more; addresses may be empty. */
    synchronized void hold(PeerId peer, List<Multiaddr> addresses) {
        Hold hold = holds.computeIfAbsent(peer, key -> new Hold());
        hold.forwarders++;
        if (!addresses.isEmpty()) {
            hold.addressesGiven = true;
            swarm.addressBook().add(peer, addresses, AddressBook.FOREVER);
        }
        // A forwarder to oneself is accepted as in Kubo, and each of its connections fails with the reason.
        if (hold.forwarders == 1 && !peer.equals(swarm.self())) {
            swarm.protect(peer, TAG);
            if (!swarm.peered().contains(peer)) {
                hold.peered = true;
                swarm.peer(peer);
            }
        }
    }

    /** One forwarder less. */
    synchronized void release(PeerId peer) {
        Hold hold = holds.get(peer);
        if (--hold.forwarders > 0) {
            return;
        }
        holds.remove(peer);
        swarm.unprotect(peer, TAG);
        if (hold.peered) {
            swarm.unpeer(peer);
        }
        if (hold.addressesGiven) {
            swarm.addressBook().remove(peer);
        }
    }
}
