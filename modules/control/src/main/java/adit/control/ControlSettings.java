package adit.control;

import java.time.Duration;

/**
 * Limits and timeouts of the control channel.
 *
 * @param maximumRequestLine bytes of the request line
 * @param maximumHeaders bytes of all header lines together
 * @param maximumBody bytes of a request body
 * @param requestTimeout for receiving a whole request once its first byte is there
 * @param idleTimeout for a connection without a request
 * @param maximumConnections beyond it the next one is answered 503 and closed
 */
public record ControlSettings(int maximumRequestLine, int maximumHeaders, int maximumBody, Duration requestTimeout, Duration idleTimeout, int maximumConnections) {
    /** What the daemon uses unless told otherwise. */
    public static ControlSettings defaults() {
        return new ControlSettings(8 * 1024, 16 * 1024, 1 << 20, Duration.ofSeconds(10), Duration.ofSeconds(60), 128);
    }
}
