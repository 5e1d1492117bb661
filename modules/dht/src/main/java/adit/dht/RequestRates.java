package adit.dht;

import adit.identity.PeerId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many requests of one peer are answered in a second: each takes a token of its peer's bucket, and what is asked beyond them
 * waits, so that a flood only slows itself down. Of peers beyond the maximum the one heard of longest ago is forgotten: it has
 * a full bucket then. Thread-safe; the monitor guards all.
 */
final class RequestRates {
    private static final class Bucket {
        private double tokens;
        private long at;
    }

    private final int perSecond;
    private final int burst;
    private final int maximumPeers;
    private final LongSupplier nanoTime;
    private final Map<PeerId, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    RequestRates(int perSecond, int burst, int maximumPeers, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.maximumPeers = maximumPeers;
        this.nanoTime = nanoTime;
    }

    /** Takes a token; nanoseconds after which the request may be answered, 0 for at once. */
    synchronized long take(PeerId peer) {
        long now = nanoTime.getAsLong();
        Bucket bucket = buckets.get(peer);
        if (bucket == null) {
            bucket = new Bucket();
            bucket.tokens = burst;
            bucket.at = now;
            buckets.put(peer, bucket);
            if (buckets.size() > maximumPeers) {
                buckets.remove(buckets.keySet().iterator().next());
            }
        }
        bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) * 1e-9 * perSecond) - 1;
        bucket.at = now;
        return bucket.tokens >= 0 ? 0 : (long) (-bucket.tokens / perSecond * 1e9);
    }
}
