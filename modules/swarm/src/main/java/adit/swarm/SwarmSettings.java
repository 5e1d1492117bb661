package adit.swarm;

import java.time.Duration;

/**
 * Limits and timeouts of the swarm.
 *
 * @param agentVersion what identify tells of this program, "adit/0.1.0"
 * @param connectTimeout for reaching a peer by all its addresses
 * @param openTimeout for opening a stream, connecting included
 * @param dialStagger pause before the next address of a peer is dialled beside the ones under way (happy eyeballs)
 * @param parallelDials dials under way for one peer
 * @param identifyTimeout for one identify exchange
 * @param maximumConnections whole process; above it unprotected, streamless connections are closed, oldest first
 * @param maximumConnectionsPerPeer beyond it inbound ones are refused
 * @param maximumAddressesPeer addresses kept for one peer
 * @param maximumPeers peers kept in the address book
 */
public record SwarmSettings(
        String agentVersion,
        Duration connectTimeout,
        Duration openTimeout,
        Duration dialStagger,
        int parallelDials,
        Duration identifyTimeout,
        int maximumConnections,
        int maximumConnectionsPerPeer,
        int maximumAddressesPeer,
        int maximumPeers) {

    /** What the daemon uses unless told otherwise. */
    public static SwarmSettings defaults() {
        return new SwarmSettings("adit/0.1.0", Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(250), 8,
                Duration.ofSeconds(10), 256, 8, 32, 2048);
    }
}
