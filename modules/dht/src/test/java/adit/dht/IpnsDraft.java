package adit.dht;

import adit.identity.PrivateKey;
import adit.multiformats.ProtobufWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Makes signed IPNS records for tests. */
final class IpnsDraft {
    private final PrivateKey owner;
    private long sequence;
    private String validity = "";
    private boolean withKey;
    private String legacyValue;

    IpnsDraft(PrivateKey owner) {
        this.owner = owner;
    }

    IpnsDraft sequence(long number) {
        sequence = number;
        return this;
    }

    IpnsDraft expires(Instant time) {
        validity = time.toString();
        return this;
    }

    IpnsDraft withKey() {
        withKey = true;
        return this;
    }

    IpnsDraft withLegacy(String value) {
        legacyValue = value;
        return this;
    }

    byte[] toBytes() {
        byte[] data = data();
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        signed.writeBytes("ipns-signature:".getBytes(StandardCharsets.US_ASCII));
        signed.writeBytes(data);
        ProtobufWriter writer = new ProtobufWriter();
        if (legacyValue != null) {
            writer.string(1, legacyValue).bytes(2, new byte[] {1}).varint(3, 0).string(4, validity).varint(5, sequence).varint(6, 60);
        }
        if (withKey) {
            writer.bytes(7, owner.publicKey().toProtobuf());
        }
        return writer.bytes(8, owner.sign(signed.toByteArray())).bytes(9, data).toBytes();
    }

    private byte[] data() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0xa6);
        text(out, "TTL");
        out.write(0x18);
        out.write(60);
        text(out, "Value");
        bytes(out, "/ipfs/a");
        // a field that nobody knows, with a list inside
        text(out, "_more");
        out.writeBytes(new byte[] {(byte) 0x82, 0x01, (byte) 0xf6});
        text(out, "Sequence");
        out.write((int) sequence);
        text(out, "Validity");
        bytes(out, validity);
        text(out, "ValidityType");
        out.write(0);
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.write(0x60 | text.length());
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void bytes(ByteArrayOutputStream out, String text) {
        out.write(0x58);
        out.write(text.length());
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
