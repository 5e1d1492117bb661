package adit.identity;

import adit.multiformats.MalformedException;

/** A public key of one of the four types. Immutable, compared by its protobuf bytes. */
public final class PublicKey {
    private PublicKey() {}
    public static PublicKey fromProtobuf(byte[] protobuf) throws MalformedException { throw new UnsupportedOperationException("written next"); }
    public KeyType type() { throw new UnsupportedOperationException("written next"); }
    public byte[] toProtobuf() { throw new UnsupportedOperationException("written next"); }
    /** False for a wrong signature and for one that cannot be parsed. */
    public boolean verify(byte[] message, byte[] signature) { throw new UnsupportedOperationException("written next"); }
}
