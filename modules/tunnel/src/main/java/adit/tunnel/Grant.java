package adit.tunnel;

import adit.identity.PeerId;
import java.time.Instant;

/**
 * One peer's permission to use a listener.
 *
 * @param until when it ends, by this machine's clock; null: never
 */
public record Grant(PeerId peer, Instant until) {
    /** Whether it has not ended. */
    public boolean isValid(Instant now) {
        return until == null || now.isBefore(until);
    }

    /** "12D3KooW…" or "12D3KooW…@2026-12-31T00:00:00Z". */
    @Override public String toString() {
        return until == null ? peer.toString() : peer + "@" + until;
    }
}
