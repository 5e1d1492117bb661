package adit.control;

import java.time.Duration;

/**
 * Limits and timeouts of the control channel.
 *
 * @param maximumRequestLine bytes of the request line; beyond it 414
 * @param maximumHeaders bytes of all header lines together; beyond it 431
 * @param maximumBody bytes of a request body; beyond it 413
 * @param requestTimeout for receiving a whole request once its first byte is there; after it 408
 * @param idleTimeout for a connection without a request; after it the connection is closed
 * @param writeTimeout for the client to take one piece of an answer; after it the connection is closed
 * @param maximumConnections served at a time, half of them of a group's members; beyond it as many again are answered 503, and more are closed; upgraded connections are not
 *        counted
 */
public record ControlSettings(int maximumRequestLine, int maximumHeaders, int maximumBody, Duration requestTimeout, Duration idleTimeout,
        Duration writeTimeout, int maximumConnections) {
    /** What the daemon uses unless told otherwise. */
    public static ControlSettings defaults() {
        return new ControlSettings(8 * 1024, 16 * 1024, 1 << 20, Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30),
                128);
    }
}
