package adit.relay;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.time.Instant;

/**
 * One answer of one server, for a person.
 *
 * @param server who was asked
 * @param serverAddress where the server is
 * @param address of this node that it was asked about, or told of; null for the node as a whole
 * @param reachability what it said; UNKNOWN when it said nothing of use
 * @param words why, or how: what follows "12D3Koo… "
 */
public record AutoNatEvidence(Instant at, PeerId server, Multiaddr serverAddress, Multiaddr address, Reachability reachability, String words) {}
