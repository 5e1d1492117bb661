package adit.relay;

import java.time.Duration;

/**
 * Limits and timeouts of port mapping.
 *
 * @param lifetime asked for each mapping; a gateway may grant less
 * @param renewal how often a mapping is asked for again, which makes it anew when the gateway has lost it; earlier when half of
 *        what was granted is over
 * @param networkCheck how often the default route and the ports listened on are looked at; costs no traffic
 * @param shortestPause after the first round in which no protocol worked; doubled after each other
 * @param longestPause between such rounds
 * @param firstWait for an answer to a datagram; doubled with each try
 * @param tries datagrams sent for one question of PCP or NAT-PMP
 * @param searchTime for a UPnP device to answer a search
 * @param httpTimeout for one HTTP exchange with a UPnP device
 * @param closeTimeout for removing all mappings at the end
 * @param maximumPorts mapped; those beyond are left out
 */
public record PortMappingSettings(
        Duration lifetime,
        Duration renewal,
        Duration networkCheck,
        Duration shortestPause,
        Duration longestPause,
        Duration firstWait,
        int tries,
        Duration searchTime,
        Duration httpTimeout,
        Duration closeTimeout,
        int maximumPorts) {

    /** What the daemon uses. */
    public static PortMappingSettings defaults() {
        return new PortMappingSettings(Duration.ofHours(1), Duration.ofMinutes(2), Duration.ofSeconds(10), Duration.ofSeconds(30),
                Duration.ofMinutes(30), Duration.ofMillis(250), 3, Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(2), 4);
    }
}
