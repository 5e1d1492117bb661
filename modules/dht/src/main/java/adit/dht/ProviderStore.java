package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Who said to provide what, in memory alone. Bounded in records, in providers of a content and in contents of a provider, so
 * that one peer cannot drive out what the others told. Whoever told longest ago goes first. Thread-safe; the monitor guards all.
 */
final class ProviderStore {
    /** The network's DefaultProvideValidity. */
    static final Duration LIFE = Duration.ofHours(48);

    /** The network's DefaultProviderAddrTTL: later a provider is named without its addresses. */
    static final Duration ADDRESS_LIFE = Duration.ofHours(24);

    private record Provided(List<Multiaddr> addresses, long at) {}

    private final int maximumRecords;
    private final int maximumProviders;
    private final int maximumPerPeer;
    private final LongSupplier nanoTime;
    private final Map<ByteBuffer, Map<PeerId, Provided>> contents = new LinkedHashMap<>();
    private final Map<PeerId, Integer> counts = new HashMap<>();
    private int records;

    /**
     * @param maximumRecords kept, one for each provider of each multihash
     * @param maximumProviders kept of one multihash
     * @param maximumPerPeer multihashes kept of one provider
     */
    ProviderStore(int maximumRecords, int maximumProviders, int maximumPerPeer, LongSupplier nanoTime) {
        this.maximumRecords = maximumRecords;
        this.maximumProviders = maximumProviders;
        this.maximumPerPeer = maximumPerPeer;
        this.nanoTime = nanoTime;
    }

    /** False when the provider has told of so many contents that one more is not kept. */
    synchronized boolean add(byte[] multihash, KnownPeer provider) {
        ByteBuffer key = ByteBuffer.wrap(multihash.clone());
        Map<PeerId, Provided> present = contents.remove(key);
        boolean isKnown = present != null && present.containsKey(provider.id());
        if (!isKnown && counts.getOrDefault(provider.id(), 0) >= maximumPerPeer) {
            if (present != null) {
                contents.put(key, present);
            }
            return false;
        }
        Map<PeerId, Provided> providers = present == null ? new LinkedHashMap<>() : present;
        if (isKnown) {
            removeLocked(providers, provider.id());
        }
        providers.put(provider.id(), new Provided(provider.addresses(), nanoTime.getAsLong()));
        counts.merge(provider.id(), 1, Integer::sum);
        records++;
        contents.put(key, providers);
        if (providers.size() > maximumProviders) {
            removeLocked(providers, providers.keySet().iterator().next());
        }
        while (records > maximumRecords) {
            Map<PeerId, Provided> gone = contents.remove(contents.keySet().iterator().next());
            List.copyOf(gone.keySet()).forEach(peer -> removeLocked(gone, peer));
        }
        return true;
    }

    private void removeLocked(Map<PeerId, Provided> providers, PeerId peer) {
        providers.remove(peer);
        records--;
        counts.computeIfPresent(peer, (p, count) -> count == 1 ? null : count - 1);
    }

    /** Who told within {@link #LIFE}, the latest first. */
    synchronized List<KnownPeer> get(byte[] multihash) {
        ByteBuffer key = ByteBuffer.wrap(multihash);
        Map<PeerId, Provided> providers = contents.get(key);
        if (providers == null) {
            return List.of();
        }
        dropExpiredLocked(providers);
        if (providers.isEmpty()) {
            contents.remove(key);
        }
        long now = nanoTime.getAsLong();
        List<KnownPeer> fresh = new ArrayList<>();
        providers.forEach((peer, provided) -> fresh.addFirst(
                new KnownPeer(peer, now - provided.at() > ADDRESS_LIFE.toNanos() ? List.of() : provided.addresses())));
        return fresh;
    }

    /** Makes room: to be called now and then. */
    synchronized void dropExpired() {
        contents.values().removeIf(providers -> {
            dropExpiredLocked(providers);
            return providers.isEmpty();
        });
    }

    private void dropExpiredLocked(Map<PeerId, Provided> providers) {
        long now = nanoTime.getAsLong();
        for (PeerId peer : List.copyOf(providers.keySet())) {
            if (now - providers.get(peer).at() > LIFE.toNanos()) {
                removeLocked(providers, peer);
            }
        }
    }

    /** Records kept. */
    synchronized int size() {
        return records;
    }
}
