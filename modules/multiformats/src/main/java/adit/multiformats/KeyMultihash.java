package adit.multiformats;

import java.nio.ByteBuffer;

/** The multihash of a public key, which is what a peer id is, and its text forms (libp2p/specs peer-ids, "Peer Ids"). */
public final class KeyMultihash {
    /** Code of the multihash that holds the key's protobuf as it is. */
    public static final int IDENTITY = 0x00;
    /** Code of SHA-256. */
    public static final int SHA2_256 = 0x12;
    /** Longest protobuf, bytes, that is not hashed. */
    public static final int MAXIMUM_INLINE_KEY = 42;

    /** Longest text read, in characters: the longest form, base16, has 93. */
    static final int MAXIMUM_TEXT = 128;

    private static final int SHA2_256_LENGTH = 32;
    private static final byte CID_VERSION = 1;
    private static final byte LIBP2P_KEY = 0x72;

    private KeyMultihash() {}

    /** Reads base58 (12D3…, Qm…, 1…) or a CIDv1 of a libp2p key in any multibase (k51…, bafz…). */
    public static byte[] parse(String text) throws MalformedException {
        if (text.length() > MAXIMUM_TEXT) {
            throw new MalformedException("a peer id is not as long as " + text.length() + " characters");
        }
        if (text.startsWith("Qm") || text.startsWith("1")) {
            return check(Multibase.BASE58BTC.decodeBare(text));
        }
        ByteBuffer cid = ByteBuffer.wrap(Multibase.decode(text));
        if (cid.remaining() < 2 || cid.get() != CID_VERSION || cid.get() != LIBP2P_KEY) {
            throw new MalformedException("not a CIDv1 of a libp2p key");
        }
        byte[] multihash = new byte[cid.remaining()];
        cid.get(multihash);
        return check(multihash);
    }

    /**
     * Checks the binary form.
     *
     * @return the array given
     */
    public static byte[] check(byte[] multihash) throws MalformedException {
        // both numbers of a key's multihash are varints of one byte
        if (multihash.length < 2 || multihash[1] != multihash.length - 2) {
            throw new MalformedException("not a multihash");
        }
        boolean hashed = multihash[0] == SHA2_256 && multihash[1] == SHA2_256_LENGTH;
        boolean inlined = multihash[0] == IDENTITY && multihash[1] > 0 && multihash[1] <= MAXIMUM_INLINE_KEY;
        if (!hashed && !inlined) {
            throw new MalformedException("not the multihash of a key");
        }
        return multihash;
    }

    /** The CIDv1 of a libp2p key with this multihash. */
    public static byte[] toCid(byte[] multihash) {
        return ByteBuffer.allocate(2 + multihash.length).put(CID_VERSION).put(LIBP2P_KEY).put(multihash).array();
    }
}
