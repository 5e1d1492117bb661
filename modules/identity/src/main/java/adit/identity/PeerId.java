package adit.identity;

import adit.multiformats.MalformedException;
import adit.multiformats.Multibase;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/** A peer id: the multihash of a public key (libp2p/specs peer-ids). Immutable, ordered and compared by bytes. */
public final class PeerId implements Comparable<PeerId> {
    private static final int IDENTITY = 0x00;
    private static final int SHA2_256 = 0x12;
    private static final int SHA2_256_LENGTH = 32;

    /** Keys whose protobuf is not longer than this are in the id whole. */
    private static final int MAXIMUM_INLINE_KEY = 42;

    private static final byte[] CID_PREFIX = {1, 0x72};

    private final byte[] multihash;
    private final String text;

    private PeerId(byte[] multihash) {
        this.multihash = multihash;
        this.text = Multibase.BASE58BTC.encodeBare(multihash);
    }

    /** The id that belongs to a key. */
    public static PeerId of(PublicKey key) {
        byte[] protobuf = key.toProtobuf();
        if (protobuf.length <= MAXIMUM_INLINE_KEY) {
            return new PeerId(multihash(IDENTITY, protobuf));
        }
        try {
            return new PeerId(multihash(SHA2_256, MessageDigest.getInstance("SHA-256").digest(protobuf)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] multihash(int code, byte[] digest) {
        byte[] multihash = new byte[2 + digest.length];
        multihash[0] = (byte) code;
        multihash[1] = (byte) digest.length;
        System.arraycopy(digest, 0, multihash, 2, digest.length);
        return multihash;
    }

    /** Reads any text form: base58 (12D3…, Qm…, 1…) or a CIDv1 of a libp2p key in any multibase (k51…, bafz…). */
    public static PeerId parse(String text) throws MalformedException {
        try {
            if (text.startsWith("Qm") || text.startsWith("1")) {
                return fromBytes(Multibase.BASE58BTC.decodeBare(text));
            }
            byte[] cid = Multibase.decode(text);
            if (cid.length < 2 || cid[0] != CID_PREFIX[0] || cid[1] != CID_PREFIX[1]) {
                throw new MalformedException("not a CIDv1 of a libp2p key");
            }
            return fromBytes(Arrays.copyOfRange(cid, 2, cid.length));
        } catch (MalformedException e) {
            throw new MalformedException("invalid peer id \"" + text + "\": " + e.getMessage(), e);
        }
    }

    /** Reads a multihash: of an inlined key or SHA-256. */
    public static PeerId fromBytes(byte[] multihash) throws MalformedException {
        if (multihash.length < 2 || multihash[1] != multihash.length - 2) {
            throw new MalformedException("not a multihash");
        }
        boolean hashed = multihash[0] == SHA2_256 && multihash[1] == SHA2_256_LENGTH;
        boolean inlined = multihash[0] == IDENTITY && multihash[1] > 0 && multihash[1] <= MAXIMUM_INLINE_KEY;
        if (!hashed && !inlined) {
            throw new MalformedException("not the multihash of a key");
        }
        return new PeerId(multihash.clone());
    }

    /** A copy of the multihash. */
    public byte[] toBytes() {
        return multihash.clone();
    }

    /** CIDv1 in base36: k51…. */
    public String toBase36() {
        return Multibase.BASE36.encode(cid());
    }

    /** CIDv1 in base32: bafz…. */
    public String toBase32() {
        return Multibase.BASE32.encode(cid());
    }

    private byte[] cid() {
        return ByteBuffer.allocate(CID_PREFIX.length + multihash.length).put(CID_PREFIX).put(multihash).array();
    }

    /** The key, where the id contains it; empty too when what it contains is no key. */
    public Optional<PublicKey> publicKey() {
        if (multihash[0] != IDENTITY) {
            return Optional.empty();
        }
        try {
            return Optional.of(PublicKey.fromProtobuf(Arrays.copyOfRange(multihash, 2, multihash.length)));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** The usual text form: base58. */
    @Override public String toString() {
        return text;
    }

    @Override public boolean equals(Object other) {
        return other instanceof PeerId peer && Arrays.equals(multihash, peer.multihash);
    }

    @Override public int hashCode() {
        return Arrays.hashCode(multihash);
    }

    @Override public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(multihash, other.multihash);
    }
}
