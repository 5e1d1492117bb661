package adit.dht;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import java.util.Random;

/** Peer ids for tests. */
final class Peers {
    private Peers() {}

    /** The id of a key that nobody has. */
    static PeerId random(Random random) {
        byte[] multihash = new byte[34];
        random.nextBytes(multihash);
        multihash[0] = 0x12;
        multihash[1] = 0x20;
        try {
            return PeerId.fromBytes(multihash);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }
}
