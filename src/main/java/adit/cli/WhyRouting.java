package adit.cli;

import adit.dht.Dht;
import adit.dht.KnownPeer;
import adit.dht.SearchEvent;
import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.AddressBook;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A part of "adit why PEER": what the DHT says, and who says it. What is told is kept in the address book, to be dialled. */
final class WhyRouting {
    /** Addresses that the DHT tells live on for so long. */
    private static final Duration TOLD_LIFE = Duration.ofMinutes(10);

    private WhyRouting() {}

    static void look(Daemon daemon, PeerId peer, WhyReport report) throws IOException, InterruptedException {
        Dht dht = daemon.discovery().dht().orElse(null);
        if (dht == null) {
            report.line("routing", "switched off: only addresses that are known already can be tried");
            report.json().with("Routing", null);
            return;
        }
        Told told = new Told(peer);
        List<Multiaddr> found = told.found(dht);
        daemon.swarm().addressBook().add(peer, found, TOLD_LIFE, AddressBook.Source.ROUTING);
        report.line("routing", found.isEmpty() ? told.outcome : told.answered.size() + " of " + told.asked.size() + " peers asked have answered, "
                + told.tellers.size() + " know it");
        for (Multiaddr address : found) {
            report.detail("  " + address + ", told by " + told.count(address) + (told.count(address) == 1 ? " peer" : " peers"));
        }
        if (!found.isEmpty()) {
            report.seen();
        } else {
            String hint = daemon.discovery().hint(new PeerAddress(peer, List.of()));
            report.next(hint != null ? hint : "see whether the peer's daemon runs and can be found, there: adit why");
        }
        report.json().with("Routing", Json.object().with("Asked", told.asked.size()).with("Answered", told.answered.size())
                .with("Telling", told.tellers.size()).withList("Addresses", found).with("Outcome", told.outcome));
    }

    /** What came of a search; its monitor guards it. */
    private static final class Told implements Consumer<SearchEvent> {
        private final PeerId wanted;
        private final Set<PeerId> asked = new HashSet<>();
        private final Set<PeerId> answered = new HashSet<>();
        private final Set<PeerId> tellers = new HashSet<>();
        private final Map<Multiaddr, Integer> counts = new HashMap<>();
        private final List<Multiaddr> found = new ArrayList<>();
        private String outcome = "";
        private boolean isOver;

        Told(PeerId wanted) {
            this.wanted = wanted;
        }

        /** Blocks until the search is over; then nothing changes any more. */
        List<Multiaddr> found(Dht dht) throws InterruptedException {
            dht.watch(wanted, this);
            try {
                String came = dht.find(wanted, this::add);
                synchronized (this) {
                    outcome = came;
                }
            } finally {
                dht.unwatch(wanted, this);
                synchronized (this) {
                    isOver = true;
                }
            }
            return List.copyOf(found);
        }

        private synchronized void add(List<Multiaddr> addresses) {
            if (!isOver) {
                found.addAll(addresses);
            }
        }

        @Override public synchronized void accept(SearchEvent event) {
            if (isOver) {
                return;
            }
            asked.add(event.peer());
            if (event.kind() == SearchEvent.Kind.PEER_RESPONSE) {
                answered.add(event.peer());
            }
            for (KnownPeer told : event.responses()) {
                if (told.id().equals(wanted) && !told.addresses().isEmpty()) {
                    tellers.add(event.peer());
                    told.addresses().stream().distinct().forEach(address -> counts.merge(address, 1, Integer::sum));
                }
            }
        }

        private int count(Multiaddr address) {
            return counts.getOrDefault(address, 0);
        }
    }
}
