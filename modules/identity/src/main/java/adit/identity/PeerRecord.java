package adit.identity;

import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import java.util.List;

/** RFC 0003 peer record: the addresses a peer signs for itself. Unknown addresses inside are skipped, their number is bounded. */
public record PeerRecord(PeerId peerId, long sequence, List<Multiaddr> addresses) {
    public static final String DOMAIN = "libp2p-peer-record";
    public SignedEnvelope seal(PrivateKey key) { throw new UnsupportedOperationException("written next"); }
    /** Parses, verifies, and checks that the signer is the peer the record speaks of. */
    public static PeerRecord open(byte[] envelope) throws MalformedException { throw new UnsupportedOperationException("written next"); }
}
