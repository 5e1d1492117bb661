package adit.dht;

import java.time.Duration;

/**
 * How eagerly the way into the network is looked for.
 *
 * @param enoughPeers connected, that know the way to others: with as many nobody is dialled
 * @param shortestPause between two rounds
 * @param longestPause when rounds bring nothing they become rarer, up to this
 */
public record BootstrapSettings(int enoughPeers, Duration shortestPause, Duration longestPause) {
    /** Kubo's number and its pause; where nobody answers, less and less often. */
    public static BootstrapSettings defaults() {
        return new BootstrapSettings(4, Duration.ofSeconds(30), Duration.ofMinutes(2));
    }
}
