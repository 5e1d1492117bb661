package adit.dht;

import adit.multiformats.KeyMultihash;
import java.util.concurrent.ThreadLocalRandom;

/** Ids to look for when a bucket is refreshed. What is looked for is hashed, so an id for a bucket must be found by trying. */
final class RefreshKey {
    /** Longest prefix that is tried for, bits: 2¹⁶ hashes, a few hundredths of a second. */
    static final int DEEPEST = 15;

    private static final int DIGEST_LENGTH = 32;

    private RefreshKey() {}

    /** The bytes of an id whose key shares exactly so many leading bits with that one. */
    static byte[] sharing(Key self, int prefix) {
        byte[] id = new byte[2 + DIGEST_LENGTH];
        do {
            ThreadLocalRandom.current().nextBytes(id);
            id[0] = KeyMultihash.SHA2_256;
            id[1] = DIGEST_LENGTH;
        } while (self.commonPrefix(Key.of(id)) != prefix);
        return id;
    }
}
