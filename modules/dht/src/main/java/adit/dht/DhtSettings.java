package adit.dht;

import java.time.Duration;

/**
 * Limits and timeouts of the DHT.
 *
 * @param mode whether others are answered
 * @param prefix of the protocol's name; a private network has its own
 * @param hasLoopback the local table believes and tells loopback addresses: several nodes on one machine
 * @param bucketSize the specification's k
 * @param connectTimeout for reaching one peer during a look-up
 * @param requestTimeout for one request and its answer
 * @param searchTimeout for a look-up
 * @param refreshInterval pause between refreshes
 * @param quietInterval pause between those of a bucket, of a node that answers nobody, when the last one has brought no new member
 * @param livenessGrace a member of the table that has not answered for longer is asked, and removed when it does not answer
 * @param checks new peers asked at a time whether they answer, before they enter the table
 * @param requestsPerSecond of one peer that are answered; more wait
 * @param streamsPerPeer of one peer that are served at a time
 * @param idleTimeout of a stream, from one request to the end of the next
 * @param maximumValues records kept for others
 * @param maximumValueBytes of those
 * @param maximumProviders provider records kept for others
 */
public record DhtSettings(
        DhtMode mode,
        String prefix,
        boolean hasLoopback,
        int bucketSize,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration searchTimeout,
        Duration refreshInterval,
        Duration quietInterval,
        Duration livenessGrace,
        int checks,
        int requestsPerSecond,
        int streamsPerPeer,
        Duration idleTimeout,
        int maximumValues,
        int maximumValueBytes,
        int maximumProviders) {

    /** What the daemon uses unless told otherwise: Kubo's numbers where it has them. */
    public static DhtSettings defaults() {
        return new DhtSettings(DhtMode.AUTO, "/ipfs", false, 20, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(60),
                Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofMinutes(40), 32, 50, 16, Duration.ofMinutes(1), 4096, 4 << 20, 8192);
    }

    /** These settings for another network, or another part in it. */
    public DhtSettings with(DhtMode newMode, String newPrefix, boolean newHasLoopback) {
        return new DhtSettings(newMode, newPrefix, newHasLoopback, bucketSize, connectTimeout, requestTimeout, searchTimeout, refreshInterval,
                quietInterval, livenessGrace, checks, requestsPerSecond, streamsPerPeer, idleTimeout, maximumValues, maximumValueBytes, maximumProviders);
    }
}
