package adit.transport;

import adit.identity.PrivateKey;
import adit.identity.PublicKey;
import adit.multiformats.MalformedException;
import adit.multiformats.ProtobufReader;
import adit.multiformats.ProtobufWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * NoiseHandshakePayload (libp2p noise specification, section "The libp2p Handshake Payload").
 *
 * @param identityKey public key as protobuf, empty when absent
 * @param identitySignature of the noise static key, by the identity key; empty when absent
 * @param muxers the sender's stream muxers, best first; empty when it negotiates them later
 */
record NoisePayload(byte[] identityKey, byte[] identitySignature, List<String> muxers) {
    private static final int IDENTITY_KEY = 1;
    private static final int IDENTITY_SIGNATURE = 2;
    private static final int EXTENSIONS = 4;
    private static final int STREAM_MUXERS = 2;

    private static final byte[] SIGNED_PREFIX = "noise-libp2p-static-key:".getBytes(StandardCharsets.US_ASCII);

    /** Signs the X25519 public key with the identity key. */
    static NoisePayload sign(PrivateKey identity, byte[] staticKey, List<String> muxers) {
        return new NoisePayload(identity.publicKey().toProtobuf(), identity.sign(signed(staticKey)), muxers);
    }

    static NoisePayload decode(byte[] message) throws MalformedException {
        byte[] key = {};
        byte[] signature = {};
        List<String> muxers = new ArrayList<>();
        ProtobufReader reader = new ProtobufReader(message);
        while (reader.next()) {
            switch (reader.field()) {
                case IDENTITY_KEY -> key = reader.readBytes();
                case IDENTITY_SIGNATURE -> signature = reader.readBytes();
                case EXTENSIONS -> readExtensions(reader.readMessage(), muxers);
                default -> { }
            }
        }
        return new NoisePayload(key, signature, List.copyOf(muxers));
    }

    byte[] encode() {
        ProtobufWriter extensions = new ProtobufWriter();
        for (String muxer : muxers) {
            extensions.string(STREAM_MUXERS, muxer);
        }
        return new ProtobufWriter().bytes(IDENTITY_KEY, identityKey).bytes(IDENTITY_SIGNATURE, identitySignature)
                .message(EXTENSIONS, extensions).toBytes();
    }

    /**
     * The identity key, proved to own the X25519 public key.
     *
     * @throws MalformedException the key is malformed or did not sign
     */
    PublicKey verify(byte[] staticKey) throws MalformedException {
        PublicKey key = PublicKey.fromProtobuf(identityKey);
        if (!key.verify(signed(staticKey), identitySignature)) {
            throw new MalformedException("noise: the identity key did not sign the static key");
        }
        return key;
    }

    private static void readExtensions(ProtobufReader reader, List<String> muxers) throws MalformedException {
        while (reader.next()) {
            if (reader.field() == STREAM_MUXERS) {
                muxers.add(reader.readString());
            }
        }
    }

    private static byte[] signed(byte[] staticKey) {
        byte[] bytes = Arrays.copyOf(SIGNED_PREFIX, SIGNED_PREFIX.length + staticKey.length);
        System.arraycopy(staticKey, 0, bytes, SIGNED_PREFIX.length, staticKey.length);
        return bytes;
    }
}
