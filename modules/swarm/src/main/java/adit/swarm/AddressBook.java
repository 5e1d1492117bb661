package adit.swarm;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Addresses known per peer, with their source and end of life. Bounded in addresses per peer (the worst source goes first), in
 * peers and in all addresses (who was not asked for longest goes first, who has an address that never expires last).
 * Addresses are kept without /p2p. Thread-safe; the monitor guards all.
 */
public final class AddressBook {
    /** A life that does not end. */
    public static final Duration FOREVER = Duration.ofDays(36_500);

    /** Where an address comes from, best first. */
    public enum Source {
        /** A person or the configuration. */
        USER,
        /** It was dialled and the peer answered. */
        DIALLED,
        /** The peer told it of itself. */
        IDENTIFY,
        /** Other peers told it. */
        ROUTING
    }

    /**
     * One address.
     *
     * @param life what is left of it
     */
    public record KnownAddress(Multiaddr address, Source source, Duration life) {}

    private record Life(Source source, long expires) {}

    private record Entry(Multiaddr address, Source source, long expires) {}

    /** Addresses kept in all, per peer allowed: strangers who tell as many as they may must not fill the memory. */
    private static final int AVERAGE_ADDRESSES = 4;

    private final int maximumPeers;
    private final int maximumAddresses;
    private final LongSupplier nanoTime;
    private final Consumer<PeerId> onNews;
    private final Map<PeerId, Map<Multiaddr, Entry>> peers = new LinkedHashMap<>(16, 0.75f, true);

    /** @param onNews called, without the monitor, when a peer has got an address that was not known before */
    AddressBook(SwarmSettings settings, LongSupplier nanoTime, Consumer<PeerId> onNews) {
        this.maximumPeers = settings.maximumPeers();
        this.maximumAddresses = settings.maximumAddressesPeer();
        this.nanoTime = nanoTime;
        this.onNews = onNews;
    }

    /** What a person gave. Never shortens the life of an address that is known already. */
    public void add(PeerId peer, List<Multiaddr> addresses, Duration life) {
        add(peer, addresses, life, Source.USER);
    }

    /** Like {@link #add(PeerId, List, Duration)}; an address known from a better source keeps it. Those of another peer are left out. */
    public void add(PeerId peer, List<Multiaddr> addresses, Duration life, Source source) {
        change(peer, addresses, life, source, false);
    }

    /** These are all addresses of that source from now on; others keep theirs. */
    public void replace(PeerId peer, List<Multiaddr> addresses, Duration life, Source source) {
        change(peer, addresses, life, source, true);
    }

    private void change(PeerId peer, List<Multiaddr> addresses, Duration life, Source source, boolean replace) {
        boolean news;
        synchronized (this) {
            Map<Multiaddr, Entry> known = peers.computeIfAbsent(peer, p -> new LinkedHashMap<>());
            dropExpiredLocked(known);
            Set<Multiaddr> before = Set.copyOf(known.keySet());
            if (replace) {
                known.values().removeIf(entry -> entry.source() == source);
            }
            addLocked(known, peer, addresses, new Life(source, nanoTime.getAsLong() + life.toNanos()));
            news = !before.containsAll(known.keySet());
            if (known.isEmpty()) {
                peers.remove(peer);
            }
            boundPeersLocked(peer);
        }
        if (news) {
            onNews.accept(peer);
        }
    }

    /** Addresses that have not expired, best source first. */
    public List<Multiaddr> addresses(PeerId peer) {
        return known(peer).stream().map(KnownAddress::address).toList();
    }

    /** Like {@link #addresses} with where they come from and how long they live. */
    public synchronized List<KnownAddress> known(PeerId peer) {
        Map<Multiaddr, Entry> known = peers.get(peer);
        if (known == null) {
            return List.of();
        }
        dropExpiredLocked(known);
        if (known.isEmpty()) {
            peers.remove(peer);
        }
        long now = nanoTime.getAsLong();
        return known.values().stream().sorted(Comparator.comparing(Entry::source))
                .map(entry -> new KnownAddress(entry.address(), entry.source(), Duration.ofNanos(entry.expires() - now))).toList();
    }

    /** Forgets the peer. */
    public synchronized void remove(PeerId peer) {
        peers.remove(peer);
    }

    /** All peers with their addresses; asking so makes no peer recent. */
    public synchronized Map<PeerId, List<Multiaddr>> all() {
        Map<PeerId, List<Multiaddr>> all = new LinkedHashMap<>();
        for (Iterator<Map.Entry<PeerId, Map<Multiaddr, Entry>>> each = peers.entrySet().iterator(); each.hasNext();) {
            Map.Entry<PeerId, Map<Multiaddr, Entry>> peer = each.next();
            dropExpiredLocked(peer.getValue());
            if (peer.getValue().isEmpty()) {
                each.remove();
            } else {
                all.put(peer.getKey(), List.copyOf(peer.getValue().keySet()));
            }
        }
        return all;
    }

    private void addLocked(Map<Multiaddr, Entry> known, PeerId peer, List<Multiaddr> addresses, Life life) {
        for (Multiaddr told : addresses) {
            bare(told, peer).ifPresent(address -> {
                known.merge(address, new Entry(address, life.source(), life.expires()), AddressBook::better);
                boundAddressesLocked(known);
            });
        }
    }

    /** Without /p2p; empty when it is another peer's or nothing is left. */
    private static Optional<Multiaddr> bare(Multiaddr address, PeerId peer) {
        Optional<Multiaddr> bare = address.withoutTrailingPeerId();
        boolean bareAlready = bare.isPresent() && bare.get().equals(address);
        boolean ofPeer = bareAlready || address.lastPeerId().filter(peer.toString()::equals).isPresent();
        return ofPeer ? bare : Optional.empty();
    }

    private static Entry better(Entry old, Entry added) {
        Source source = old.source().compareTo(added.source()) <= 0 ? old.source() : added.source();
        long expires = old.expires() - added.expires() >= 0 ? old.expires() : added.expires();
        return new Entry(old.address(), source, expires);
    }

    private void boundAddressesLocked(Map<Multiaddr, Entry> known) {
        if (known.size() > maximumAddresses) {
            long now = nanoTime.getAsLong();
            Entry worst = known.values().stream()
                    .max(Comparator.comparing(Entry::source).thenComparing(entry -> now - entry.expires())).orElseThrow();
            known.remove(worst.address());
        }
    }

    private void boundPeersLocked(PeerId added) {
        while (peers.size() > 1 && (peers.size() > maximumPeers || countLocked() > maximumPeers * AVERAGE_ADDRESSES)) {
            PeerId victim = null;
            for (Map.Entry<PeerId, Map<Multiaddr, Entry>> peer : peers.entrySet()) {
                boolean mortal = peer.getValue().values().stream().noneMatch(this::livesForever);
                if (mortal && !peer.getKey().equals(added)) {
                    victim = peer.getKey();
                    break;
                }
            }
            peers.remove(victim != null ? victim : peers.keySet().iterator().next());
        }
    }

    private int countLocked() {
        return peers.values().stream().mapToInt(Map::size).sum();
    }

    private boolean livesForever(Entry entry) {
        return entry.expires() - nanoTime.getAsLong() > FOREVER.toNanos() / 2;
    }

    private void dropExpiredLocked(Map<Multiaddr, Entry> known) {
        long now = nanoTime.getAsLong();
        Collection<Entry> expired = new ArrayList<>();
        for (Entry entry : known.values()) {
            if (entry.expires() - now <= 0) {
                expired.add(entry);
            }
        }
        expired.forEach(entry -> known.remove(entry.address()));
    }
}
