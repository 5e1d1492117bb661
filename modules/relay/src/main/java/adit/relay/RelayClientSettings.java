package adit.relay;

import java.time.Duration;

/**
 * Limits and timeouts of who uses relays and punches holes.
 *
 * @param reservations how many are held at a time
 * @param candidates relays known that may be asked for one
 * @param shortestPause after a relay could not be asked; doubles each time
 * @param longestPause the longest of those
 * @param refusedPause after a relay that nobody named has refused
 * @param messageTimeout for each message of a relay or of a hole punch
 * @param circuitTimeout for a relay to connect this node to another
 * @param pendingCircuits inbound circuits in their handshake
 * @param punches tries of one hole punch (DCUtR: three)
 * @param punchTimeout for the dials of one try
 * @param reversalTimeout for dialling a peer that may be public before a hole is punched
 * @param punchExpected how long the remote peer has to begin a hole punch
 */
public record RelayClientSettings(
        int reservations,
        int candidates,
        Duration shortestPause,
        Duration longestPause,
        Duration refusedPause,
        Duration messageTimeout,
        Duration circuitTimeout,
        int pendingCircuits,
        int punches,
        Duration punchTimeout,
        Duration reversalTimeout,
        Duration punchExpected) {

    /** What the daemon uses. */
    public static RelayClientSettings defaults() {
        return new RelayClientSettings(2, 20, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofMinutes(10), Duration.ofSeconds(10),
                Duration.ofSeconds(15), 16, 3, Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(8));
    }
}
