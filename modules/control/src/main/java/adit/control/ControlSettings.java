package adit.control;

import java.time.Duration;

/**
 * Limits and timeouts of the control channel.
 *
 * @param maximumRequestLine bytes of the request line; beyond it 414
 * @param maximumHeaders bytes of all header lines together; beyond it 431
 * @param maximumBody bytes of a request body; beyond it 413
 * @param largeBody bytes; requests with a body beyond it, or a chunked one, are taken one after another, the owner's and others'; each waits half of
 *        {@code requestTimeout} at most; after it 503
 * @param pause between two of those, and between two refused clients that send on
 * @param requestTimeout for receiving a whole request once its first byte is there; after it 408
 * @param idleTimeout for a connection without a request; after it the connection is closed
 * @param writeTimeout for the client to take one piece of an answer; after it the connection is closed
 * @param connectionsPerSecond that are accepted, at least 1; more wait in the kernel's queue
 * @param maximumConnections served at a time, half of them of a group's members; beyond it as many again are answered 503, and more are closed; upgraded connections are not
 *        counted
 */
public record ControlSettings(int maximumRequestLine, int maximumHeaders, int maximumBody, int largeBody, Duration pause, Duration requestTimeout, Duration idleTimeout,
        Duration writeTimeout, int connectionsPerSecond, int maximumConnections) {
    /** What the daemon uses unless told otherwise. */
    public static ControlSettings defaults() {
        return new ControlSettings(8 * 1024, 16 * 1024, 1 << 20, 16 * 1024, Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(60),
                Duration.ofSeconds(30), 500, 128);
    }
}
