package adit.identity;

import adit.multiformats.MalformedException;

/** A private key. toString never shows it. */
public final class PrivateKey {
    private PrivateKey() {}
    /** A new Ed25519 key from the system's secure random. */
    public static PrivateKey generate() { throw new UnsupportedOperationException("written next"); }
    public static PrivateKey fromProtobuf(byte[] protobuf) throws MalformedException { throw new UnsupportedOperationException("written next"); }
    public PublicKey publicKey() { throw new UnsupportedOperationException("written next"); }
    public PeerId peerId() { throw new UnsupportedOperationException("written next"); }
    public byte[] sign(byte[] message) { throw new UnsupportedOperationException("written next"); }
    /** Secret: only for the key file. */
    public byte[] toProtobuf() { throw new UnsupportedOperationException("written next"); }
}
