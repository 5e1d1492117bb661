package adit.dht;

import adit.identity.PeerId;
import adit.identity.PublicKey;
import adit.multiformats.MalformedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * What values the network accepts under which keys (libp2p/specs kad-dht, "Entry validation"): "/pk/" and a peer id's bytes: the
 * public key that belongs to it; "/ipns/" and a peer id's bytes: a record that its owner signed and that has not expired.
 * Nothing else is a valid key.
 */
final class RecordRules {
    private static final byte[] PUBLIC_KEY = "/pk/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] IPNS = "/ipns/".getBytes(StandardCharsets.US_ASCII);

    private RecordRules() {}

    /** @throws MalformedException the value does not belong under that key, or not any more */
    static void check(byte[] key, byte[] value, Instant now) throws MalformedException {
        if (begins(key, PUBLIC_KEY)) {
            if (!PeerId.of(PublicKey.fromProtobuf(value)).equals(name(key, PUBLIC_KEY))) {
                throw new MalformedException("the public key is another peer's");
            }
        } else if (begins(key, IPNS)) {
            if (ipns(key, value).expires().isBefore(now)) {
                throw new MalformedException("the record has expired");
            }
        } else {
            throw new MalformedException("keys of records begin with /pk/ or /ipns/");
        }
    }

    /** Whether a value that was found valid should take the place of another: a newer one does, an equal one does not. */
    static boolean isBetter(byte[] key, byte[] offered, byte[] present) throws MalformedException {
        if (!begins(key, IPNS) || Arrays.equals(offered, present)) {
            return false;
        }
        IpnsRecord left = ipns(key, offered);
        IpnsRecord right = ipns(key, present);
        int difference = Long.compareUnsigned(left.sequence(), right.sequence());
        if (difference == 0) {
            difference = left.expires().compareTo(right.expires());
        }
        return difference != 0 ? difference > 0 : Arrays.compareUnsigned(offered, present) > 0;
    }

    private static IpnsRecord ipns(byte[] key, byte[] value) throws MalformedException {
        return IpnsRecord.verified(name(key, IPNS), value);
    }

    private static boolean begins(byte[] key, byte[] prefix) {
        return key.length > prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static PeerId name(byte[] key, byte[] prefix) throws MalformedException {
        return PeerId.fromBytes(Arrays.copyOfRange(key, prefix.length, key.length));
    }
}
