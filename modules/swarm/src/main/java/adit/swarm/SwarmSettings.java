package adit.swarm;

import java.time.Duration;

/**
 * Limits and timeouts of the swarm.
 *
 * @param agentVersion what identify tells of this program, "adit/0.1.0"
 * @param connectTimeout for reaching a peer by all its addresses
 * @param openTimeout for opening a stream, connecting included
 * @param dialStagger pause before the next public address of a peer is dialled beside the ones under way (happy eyeballs);
 *        an eighth of it between private addresses
 * @param parallelDials dials under way for one peer
 * @param identifyTimeout for one identify exchange
 * @param pingTimeout for one round trip of ping
 * @param maximumConnections whole process; above it unprotected, streamless connections are closed, oldest first
 * @param maximumConnectionsPerPeer beyond it inbound ones are refused
 * @param maximumConnectionsPerNetwork inbound ones from one IPv4 address or one IPv6 /56 (eight times as many from one /48);
 *        loopback is exempt
 * @param connectionGrace a connection younger than this is closed neither to make room nor as a duplicate
 * @param maximumAddressesPeer addresses kept for one peer
 * @param maximumPeers peers kept in the address book
 * @param announce what the user says about the addresses that others are told
 */
public record SwarmSettings(
        String agentVersion,
        Duration connectTimeout,
        Duration openTimeout,
        Duration dialStagger,
        int parallelDials,
        Duration identifyTimeout,
        Duration pingTimeout,
        int maximumConnections,
        int maximumConnectionsPerPeer,
        int maximumConnectionsPerNetwork,
        Duration connectionGrace,
        int maximumAddressesPeer,
        int maximumPeers,
        AnnouncePolicy announce) {

    /** What the daemon uses unless told otherwise. */
    public static SwarmSettings defaults() {
        return new SwarmSettings("adit/0.1.0", Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(250), 8,
                Duration.ofSeconds(10), Duration.ofSeconds(10), 256, 8, 8, Duration.ofSeconds(20), 32, 2048, AnnouncePolicy.NONE);
    }

    /** These settings with another agent version. */
    public SwarmSettings withAgentVersion(String version) {
        return new SwarmSettings(version, connectTimeout, openTimeout, dialStagger, parallelDials, identifyTimeout, pingTimeout,
                maximumConnections, maximumConnectionsPerPeer, maximumConnectionsPerNetwork, connectionGrace, maximumAddressesPeer,
                maximumPeers, announce);
    }

    /** These settings with another policy of announcing. */
    public SwarmSettings withAnnounce(AnnouncePolicy policy) {
        return new SwarmSettings(agentVersion, connectTimeout, openTimeout, dialStagger, parallelDials, identifyTimeout, pingTimeout,
                maximumConnections, maximumConnectionsPerPeer, maximumConnectionsPerNetwork, connectionGrace, maximumAddressesPeer,
                maximumPeers, policy);
    }

    /** These settings with another limit of connections. */
    public SwarmSettings withMaximumConnections(int maximum) {
        return new SwarmSettings(agentVersion, connectTimeout, openTimeout, dialStagger, parallelDials, identifyTimeout, pingTimeout,
                maximum, maximumConnectionsPerPeer, maximumConnectionsPerNetwork, connectionGrace, maximumAddressesPeer,
                maximumPeers, announce);
    }
}
