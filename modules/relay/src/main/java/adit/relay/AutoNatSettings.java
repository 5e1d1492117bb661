package adit.relay;

import java.time.Duration;

/**
 * Limits and timeouts of AutoNAT, go-libp2p's where it has them.
 *
 * @param service whether others are served
 * @param forced what is taken for the reachability of this node without asking anybody; UNKNOWN: others are asked
 * @param hasLocalAddresses loopback and private addresses count: for tests and for networks cut off from the internet
 * @param limitPeriod for which the numbers below count
 * @param dials requests of version 1 that are served, of all peers
 * @param dialsPeer of one peer
 * @param dialTimeout for all addresses of one request of version 1; the answer that none works comes after it only
 * @param requests requests of version 2 that are served, of all peers
 * @param requestsPeer of one peer
 * @param requestsParallel of one peer at a time
 * @param requestsData of these, for an address that is not the asking peer's own
 * @param minimumData bytes that such a request costs at least
 * @param maximumData bytes that such a request costs at most, and that this node would send for one
 * @param dataDelay longest pause before such an address is dialled: many requests do not meet there at once
 * @param requestTimeout for one request of version 2, everything included
 * @param dialBackTimeout for dialling one address
 * @param nonceTimeout for telling the nonce on a connection
 * @param startDelay after the first server has come, before it is asked: more will follow
 * @param checkInterval how often it is looked whether the addresses of this node have changed
 * @param serverPause before the same server is asked again
 * @param refreshInterval before what a server has said is asked anew
 * @param requestsAtOnce of this node, at a time
 */
public record AutoNatSettings(
        Service service,
        Reachability forced,
        boolean hasLocalAddresses,
        Duration limitPeriod,
        int dials,
        int dialsPeer,
        Duration dialTimeout,
        int requests,
        int requestsPeer,
        int requestsParallel,
        int requestsData,
        int minimumData,
        int maximumData,
        Duration dataDelay,
        Duration requestTimeout,
        Duration dialBackTimeout,
        Duration nonceTimeout,
        Duration startDelay,
        Duration checkInterval,
        Duration serverPause,
        Duration refreshInterval,
        int requestsAtOnce) {

    /** Whether others are served. */
    public enum Service {
        /** Unless this node is known to be unreachable itself: its network does not let everything through. */
        AUTO,
        /** Always. */
        ENABLED,
        /** Never. */
        DISABLED
    }

    /** What the daemon uses unless told otherwise. */
    public static AutoNatSettings defaults() {
        return new AutoNatSettings(Service.AUTO, Reachability.UNKNOWN, false, Duration.ofMinutes(1), 30, 3, Duration.ofSeconds(15),
                60, 12, 2, 12, 30_000, 100_000, Duration.ofSeconds(3), Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(5),
                Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(2), Duration.ofMinutes(15), 4);
    }

    /** These settings with another service and reachability. */
    public AutoNatSettings with(Service whether, Reachability known) {
        return new AutoNatSettings(whether, known, hasLocalAddresses, limitPeriod, dials, dialsPeer, dialTimeout, requests, requestsPeer,
                requestsParallel, requestsData, minimumData, maximumData, dataDelay, requestTimeout, dialBackTimeout, nonceTimeout, startDelay,
                checkInterval, serverPause, refreshInterval, requestsAtOnce);
    }
}
