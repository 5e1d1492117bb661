package adit.identity;

import adit.multiformats.MalformedException;

/** RFC 0002 signed envelope. */
public record SignedEnvelope(PublicKey publicKey, byte[] payloadType, byte[] payload, byte[] signature) {
    public static SignedEnvelope seal(PrivateKey key, String domain, byte[] payloadType, byte[] payload) { throw new UnsupportedOperationException("written next"); }
    /** Parses and verifies. */
    public static SignedEnvelope open(byte[] bytes, String domain) throws MalformedException { throw new UnsupportedOperationException("written next"); }
    public byte[] toBytes() { throw new UnsupportedOperationException("written next"); }
}
