package adit.identity;

import adit.multiformats.MalformedException;
import java.util.Optional;

/** A peer id: the multihash of a public key. Immutable, ordered and compared by bytes. */
public final class PeerId implements Comparable<PeerId> {
    private PeerId() {}
    public static PeerId of(PublicKey key) { throw new UnsupportedOperationException("written next"); }
    /** Any text form: base58 (12D3…, Qm…, 1…) or a CIDv1 libp2p-key in any multibase (k51…, bafz…). */
    public static PeerId parse(String text) throws MalformedException { throw new UnsupportedOperationException("written next"); }
    public static PeerId fromBytes(byte[] multihash) throws MalformedException { throw new UnsupportedOperationException("written next"); }
    public byte[] toBytes() { throw new UnsupportedOperationException("written next"); }
    /** CIDv1 (libp2p-key) in base36: k51…. */
    public String toBase36() { throw new UnsupportedOperationException("written next"); }
    public String toBase32() { throw new UnsupportedOperationException("written next"); }
    /** The key, where the id contains it (identity multihash). */
    public Optional<PublicKey> publicKey() { throw new UnsupportedOperationException("written next"); }
    /** base58. */
    @Override public String toString() { throw new UnsupportedOperationException("written next"); }
    @Override public int compareTo(PeerId other) { throw new UnsupportedOperationException("written next"); }
}
