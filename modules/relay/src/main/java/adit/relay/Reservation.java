package adit.relay;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.time.Instant;
import java.util.List;

/**
 * A place that a relay keeps for this node (circuit v2, "Reservation"): peers reach it through the relay until it ends.
 *
 * @param addresses by which they do, with /p2p-circuit
 * @param expires when it ends unless it is renewed
 * @param limit what each circuit may carry
 */
public record Reservation(PeerId relay, List<Multiaddr> addresses, Instant expires, RelayLimit limit) {}
