package adit.multiformats;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the protobuf wire format (protobuf.dev, "Encoding") in the order of the calls. */
public final class ProtobufWriter {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH_DELIMITED = 2;
    static final int FIXED32 = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** An empty message. */
    public ProtobufWriter() {}

    /** A non-negative integer or enum value. */
    public ProtobufWriter varint(int field, long value) {
        tag(field, VARINT);
        out.writeBytes(Varint.encode(value));
        return this;
    }

    /** A boolean. */
    public ProtobufWriter bool(int field, boolean value) {
        return varint(field, value ? 1 : 0);
    }

    /** A byte string. */
    public ProtobufWriter bytes(int field, byte[] value) {
        tag(field, LENGTH_DELIMITED);
        out.writeBytes(Varint.encode(value.length));
        out.writeBytes(value);
        return this;
    }

    /** Text as UTF-8. */
    public ProtobufWriter string(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** An embedded message. */
    public ProtobufWriter message(int field, ProtobufWriter value) {
        return bytes(field, value.toBytes());
    }

    /** What has been written. */
    public byte[] toBytes() {
        return out.toByteArray();
    }

    private void tag(int field, int wireType) {
        out.writeBytes(Varint.encode((long) field << 3 | wireType));
    }
}
