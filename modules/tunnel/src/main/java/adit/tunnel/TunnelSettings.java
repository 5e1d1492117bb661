package adit.tunnel;

import java.time.Duration;

/**
 * Limits and timeouts of tunnels.
 *
 * @param targetTimeout for dialling a listener's target
 * @param halfCloseGrace how long a forwarder holds back the end of its client's direction from a peer that takes it for a
 *        full close (Kubo): while the answer has not ended, counted from its last byte
 * @param abandonedDialGrace how long a dial goes on for a client that ended without having sent a byte
 * @param drainTimeout how long shutdown waits for streams to end by themselves
 * @param maximumStreams streams live at a time, whole process
 */
public record TunnelSettings(
        Duration targetTimeout, Duration halfCloseGrace, Duration abandonedDialGrace, Duration drainTimeout, int maximumStreams) {
    /** What the daemon uses unless told otherwise. */
    public static TunnelSettings defaults() {
        return new TunnelSettings(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(2), Duration.ofSeconds(3), 16_384);
    }
}
