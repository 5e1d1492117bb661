package adit.tunnel;

import adit.identity.PeerId;
import java.time.Instant;

/**
 * A peer that asked for a listener it may not use.
 *
 * @param attempts how often it asked
 * @param last when it asked last
 */
public record RefusedPeer(PeerId peer, long attempts, Instant last) {}
