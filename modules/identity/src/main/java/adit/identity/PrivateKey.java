package adit.identity;

import adit.multiformats.MalformedException;
import java.security.SecureRandom;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/** A private key (libp2p/specs peer-ids, "Keys"). Its text form never shows the secret. */
public final class PrivateKey {
    private static final int MAXIMUM_PROTOBUF = 8192;

    private final KeyType type;
    private final byte[] data;
    private final SignatureScheme.Signer signer;
    private final PublicKey publicKey;
    private final PeerId peerId;

    private PrivateKey(KeyType type, byte[] data) throws MalformedException {
        this.type = type;
        this.data = data;
        this.signer = SignatureScheme.of(type).signer(data);
        this.publicKey = new PublicKey(type, signer.publicKey());
        this.peerId = PeerId.of(publicKey);
    }

    /** A new Ed25519 key from the system's secure random. */
    public static PrivateKey generate() {
        Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(new SecureRandom());
        byte[] data = new byte[64];
        key.encode(data, 0);
        key.generatePublicKey().encode(data, 32);
        try {
            return new PrivateKey(KeyType.ED25519, data);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads {@code PrivateKey {Type = 1; Data = 2}}. Messages of its exceptions hold nothing of the key. */
    public static PrivateKey fromProtobuf(byte[] protobuf) throws MalformedException {
        PublicKey.KeyProtobuf parts = PublicKey.KeyProtobuf.read(protobuf, MAXIMUM_PROTOBUF);
        return new PrivateKey(parts.type(), parts.data());
    }

    /** The public half. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /** The peer id of the public half. */
    public PeerId peerId() {
        return peerId;
    }

    /** Signs as the key's type demands. */
    public byte[] sign(byte[] message) {
        return signer.sign(message);
    }

    /** The secret itself, for the key file only. */
    public byte[] toProtobuf() {
        return PublicKey.KeyProtobuf.write(type, data);
    }

    /** The peer id; never the secret. */
    @Override public String toString() {
        return "private key of " + peerId;
    }
}
