package adit.swarm;

import adit.identity.PeerId;
import adit.identity.PublicKey;
import adit.multiformats.Multiaddr;
import java.util.List;
import java.util.Set;

/**
 * What a peer said of itself in identify.
 *
 * @param peerId proved by the connection, not by the message
 * @param publicKey proved likewise
 * @param protocolVersion "" when not told
 * @param agentVersion "" when not told
 * @param protocols protocol ids it serves
 * @param listenAddresses addresses it says it listens on, without /p2p
 * @param observedAddress our address as it sees it, null when not told
 */
public record IdentifiedPeer(PeerId peerId, PublicKey publicKey, String protocolVersion, String agentVersion,
        Set<String> protocols, List<Multiaddr> listenAddresses, Multiaddr observedAddress) {}
