package adit.dht;

import adit.identity.PeerId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A point of the key space: the SHA-256 of a peer id or of a record's key (libp2p/specs kad-dht, "Distance"). Immutable; the
 * four words are the hash's bytes, most significant first.
 */
record Key(long first, long second, long third, long fourth) {
    /** Bits of a key. */
    static final int BITS = 256;

    /** Where that peer is. */
    static Key of(PeerId peer) {
        return of(peer.toBytes());
    }

    /** Where a record of that key, or a peer of that multihash, belongs. */
    static Key of(byte[] bytes) {
        try {
            ByteBuffer hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
            return new Key(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** How many leading bits are those of the other key: 0 to 256, the more the nearer. */
    int commonPrefix(Key other) {
        if (first != other.first) {
            return Long.numberOfLeadingZeros(first ^ other.first);
        }
        if (second != other.second) {
            return 64 + Long.numberOfLeadingZeros(second ^ other.second);
        }
        return third != other.third ? 128 + Long.numberOfLeadingZeros(third ^ other.third)
                : 192 + Long.numberOfLeadingZeros(fourth ^ other.fourth);
    }

    /** Compares the XOR distances of two keys to this one: negative when the left one is nearer. */
    int compareDistances(Key left, Key right) {
        int difference = Long.compareUnsigned(first ^ left.first, first ^ right.first);
        if (difference == 0) {
            difference = Long.compareUnsigned(second ^ left.second, second ^ right.second);
        }
        if (difference == 0) {
            difference = Long.compareUnsigned(third ^ left.third, third ^ right.third);
        }
        return difference != 0 ? difference : Long.compareUnsigned(fourth ^ left.fourth, fourth ^ right.fourth);
    }
}
