package adit.identity;

import adit.multiformats.MalformedException;
import adit.multiformats.ProtobufReader;
import adit.multiformats.ProtobufWriter;
import java.util.Arrays;

/** A public key of one of the four types (libp2p/specs peer-ids, "Keys"). Immutable, compared by its protobuf bytes. */
public final class PublicKey {
    /** Largest protobuf read, bytes: an RSA key of 8192 bits and a margin. */
    static final int MAXIMUM_PROTOBUF = 2048;

    private final KeyType type;
    private final byte[] data;
    private final SignatureScheme.Verifier verifier;

    PublicKey(KeyType type, byte[] data) throws MalformedException {
        this.type = type;
        this.data = data.clone();
        this.verifier = SignatureScheme.of(type).verifier(this.data);
    }

    /** Reads {@code PublicKey {Type = 1; Data = 2}}; the key itself is checked too. */
    public static PublicKey fromProtobuf(byte[] protobuf) throws MalformedException {
        KeyProtobuf parts = KeyProtobuf.read(protobuf, MAXIMUM_PROTOBUF);
        return new PublicKey(parts.type(), parts.data());
    }

    /** The kind of key. */
    public KeyType type() {
        return type;
    }

    /** The deterministic protobuf that peer ids are made of. */
    public byte[] toProtobuf() {
        return KeyProtobuf.write(type, data);
    }

    /** False for a wrong signature and for one that cannot be parsed. */
    public boolean verify(byte[] message, byte[] signature) {
        return verifier.verify(message, signature);
    }

    @Override public boolean equals(Object other) {
        return other instanceof PublicKey key && type == key.type && Arrays.equals(data, key.data);
    }

    @Override public int hashCode() {
        return Arrays.hashCode(data);
    }

    /** The type and the peer id. */
    @Override public String toString() {
        return type + " key of " + PeerId.of(this);
    }

    /** The one protobuf that private and public keys share. */
    record KeyProtobuf(KeyType type, byte[] data) {
        static KeyProtobuf read(byte[] protobuf, int limit) throws MalformedException {
            if (protobuf.length > limit) {
                throw new MalformedException("key of " + protobuf.length + " bytes is over the limit of " + limit);
            }
            KeyType type = null;
            byte[] data = null;
            ProtobufReader reader = new ProtobufReader(protobuf);
            while (reader.next()) {
                switch (reader.field()) {
                    case 1 -> type = type(reader.readVarint());
                    case 2 -> data = reader.readBytes();
                    default -> { }
                }
            }
            if (type == null || data == null) {
                throw new MalformedException("key without type or data");
            }
            return new KeyProtobuf(type, data);
        }

        private static KeyType type(long number) throws MalformedException {
            if (number < 0 || number >= KeyType.values().length) {
                throw new MalformedException("key type " + number + " is not known");
            }
            return KeyType.values()[(int) number];
        }

        static byte[] write(KeyType type, byte[] data) {
            return new ProtobufWriter().varint(1, type.ordinal()).bytes(2, data).toBytes();
        }

        /** Never the data: it may be a private key's. */
        @Override public String toString() {
            return type + " key";
        }
    }
}
