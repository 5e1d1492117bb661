package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A look-up of this node by a stranger, a node with an identity made for it: peers tell nobody about itself, and they shall not treat
 * this node's own question better than anybody's. The monitor guards what was told.
 */
final class OutsideLook {
    private final PeerId wanted;
    private final Kademlia table;
    private final Set<PeerId> telling = new HashSet<>();
    private final Set<Multiaddr> addresses = new LinkedHashSet<>();
    private final long start = System.nanoTime();
    private Duration firstAfter;

    /** @param table a stranger's, of the network in question */
    OutsideLook(PeerId wanted, Kademlia table) {
        this.wanted = wanted;
        this.table = table;
    }

    /** Blocks until the look-up is over. */
    OutsideView run(List<KnownPeer> seeds, boolean isWide) throws InterruptedException {
        Lookup lookup = table.lookUp(wanted.toBytes(), Set.of(wanted), seeds, this::heard);
        List<KnownPeer> nearest = lookup.closest();
        synchronized (this) {
            int tellers = (int) nearest.stream().filter(peer -> telling.contains(peer.id())).count();
            return new OutsideView(isWide, lookup.asked(), nearest.size(), tellers, List.copyOf(addresses), firstAfter);
        }
    }

    private synchronized void heard(SearchEvent event) {
        for (KnownPeer told : event.responses()) {
            List<Multiaddr> accepted = told.id().equals(wanted) ? table.accepted(told.addresses()) : List.of();
            if (!accepted.isEmpty() && addresses.size() < Dht.MAXIMUM_TOLD) {
                firstAfter = firstAfter == null ? Duration.ofNanos(System.nanoTime() - start) : firstAfter;
                telling.add(event.peer());
                addresses.addAll(accepted);
            }
        }
    }
}
