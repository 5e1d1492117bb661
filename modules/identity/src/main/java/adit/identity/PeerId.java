package adit.identity;

import adit.multiformats.KeyMultihash;
import adit.multiformats.MalformedException;
import adit.multiformats.Multibase;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/** A peer id: the multihash of a public key (libp2p/specs peer-ids). Immutable, ordered and compared by bytes. */
public final class PeerId implements Comparable<PeerId> {
    private final byte[] multihash;
    private final String text;

    private PeerId(byte[] multihash) {
        this.multihash = multihash;
        this.text = Multibase.BASE58BTC.encodeBare(multihash);
    }

    /** The id that belongs to a key. */
    public static PeerId of(PublicKey key) {
        byte[] protobuf = key.toProtobuf();
        if (protobuf.length <= KeyMultihash.MAXIMUM_INLINE_KEY) {
            return new PeerId(multihash(KeyMultihash.IDENTITY, protobuf));
        }
        try {
            return new PeerId(multihash(KeyMultihash.SHA2_256, MessageDigest.getInstance("SHA-256").digest(protobuf)));
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
            return new PeerId(KeyMultihash.parse(text));
        } catch (MalformedException e) {
            throw new MalformedException("invalid peer id \"" + text + "\": " + e.getMessage(), e);
        }
    }

    /** Reads a multihash: of an inlined key or SHA-256. */
    public static PeerId fromBytes(byte[] multihash) throws MalformedException {
        return new PeerId(KeyMultihash.check(multihash).clone());
    }

    /** A copy of the multihash. */
    public byte[] toBytes() {
        return multihash.clone();
    }

    /** CIDv1 in base36: k51…. */
    public String toBase36() {
        return Multibase.BASE36.encode(KeyMultihash.toCid(multihash));
    }

    /** CIDv1 in base32: bafz…. */
    public String toBase32() {
        return Multibase.BASE32.encode(KeyMultihash.toCid(multihash));
    }

    /** The key, where the id contains it; empty too when what it contains is no key. */
    public Optional<PublicKey> publicKey() {
        if (multihash[0] != KeyMultihash.IDENTITY) {
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
        return text.hashCode();
    }

    @Override public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(multihash, other.multihash);
    }
}
