package adit.identity;

import adit.multiformats.MalformedException;
import adit.multiformats.ProtobufReader;
import adit.multiformats.ProtobufWriter;
import adit.multiformats.Varint;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A payload signed by a peer for one purpose (libp2p RFC 0002). Its arrays are not copied and must not be changed; two envelopes are equal
 * when their arrays are the same objects: compare {@link #toBytes()}.
 */
public record SignedEnvelope(PublicKey publicKey, byte[] payloadType, byte[] payload, byte[] signature) {
    /** Largest envelope read, bytes. */
    public static final int MAXIMUM = 16 * 1024;

    /**
     * Signs.
     *
     * @param domain what the signature is for; an envelope of another domain does not verify
     */
    public static SignedEnvelope seal(PrivateKey key, String domain, byte[] payloadType, byte[] payload) {
        return new SignedEnvelope(key.publicKey(), payloadType, payload, key.sign(signed(domain, payloadType, payload)));
    }

    /** Reads and verifies. */
    public static SignedEnvelope open(byte[] bytes, String domain) throws MalformedException {
        if (bytes.length > MAXIMUM) {
            throw new MalformedException("signed envelope of " + bytes.length + " bytes is over the limit of " + MAXIMUM);
        }
        PublicKey key = null;
        byte[] type = {};
        byte[] payload = {};
        byte[] signature = {};
        ProtobufReader reader = new ProtobufReader(bytes);
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> key = PublicKey.fromProtobuf(reader.readBytes());
                case 2 -> type = reader.readBytes();
                case 3 -> payload = reader.readBytes();
                case 5 -> signature = reader.readBytes();
                default -> { }
            }
        }
        if (key == null) {
            throw new MalformedException("the signed envelope names no key");
        }
        if (!key.verify(signed(domain, type, payload), signature)) {
            throw new MalformedException("the signature of the signed envelope is wrong");
        }
        return new SignedEnvelope(key, type, payload, signature);
    }

    /** As protobuf. */
    public byte[] toBytes() {
        return new ProtobufWriter().bytes(1, publicKey.toProtobuf()).bytes(2, payloadType).bytes(3, payload).bytes(5, signature).toBytes();
    }

    private static byte[] signed(String domain, byte[] payloadType, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : new byte[][] {domain.getBytes(StandardCharsets.UTF_8), payloadType, payload}) {
            out.writeBytes(Varint.encode(part.length));
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
