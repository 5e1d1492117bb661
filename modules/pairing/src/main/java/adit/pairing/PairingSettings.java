package adit.pairing;

import java.time.Duration;

/**
 * Limits and timeouts of pairing.
 *
 * @param lifetime how long an invitation may be accepted
 * @param maximumInvitations open at a time
 * @param exchangeTimeout from a stream's opening to the end of its exchange, however busily a peer drips its bytes
 * @param maximumExchanges served at a time, all peers together: each is some tens of milliseconds of arithmetic
 */
public record PairingSettings(Duration lifetime, int maximumInvitations, Duration exchangeTimeout, int maximumExchanges) {
    /** What the daemon uses. */
    public static PairingSettings defaults() {
        return new PairingSettings(Duration.ofMinutes(10), 100, Duration.ofSeconds(30), 4);
    }
}
