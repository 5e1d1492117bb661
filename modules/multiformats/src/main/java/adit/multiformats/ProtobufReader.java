package adit.multiformats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the protobuf wire format (protobuf.dev, "Encoding") from an array that bounds it. Use:
 * {@code while (reader.next()) switch (reader.field()) {…}}; a field that is not read is skipped by the following next.
 */
public final class ProtobufReader {
    private final ByteBuffer from;
    private int field;
    private int wireType;
    private boolean unread;

    /** @param message the whole message; not copied */
    public ProtobufReader(byte[] message) {
        this(ByteBuffer.wrap(message));
    }

    private ProtobufReader(ByteBuffer from) {
        this.from = from;
    }

    /** Moves to the next field; false at the end. */
    public boolean next() throws MalformedException {
        if (unread) {
            skip();
        }
        if (!from.hasRemaining()) {
            return false;
        }
        long tag = varint();
        wireType = (int) (tag & 7);
        long number = tag >>> 3;
        if (number < 1 || number > 0x1fff_ffff) {
            throw new MalformedException("protobuf field number " + number + " is out of range");
        }
        field = (int) number;
        unread = true;
        return true;
    }

    /** Field number of the current field. */
    public int field() {
        return field;
    }

    /** An integer or enum; a negative one (ten bytes on the wire) is returned as such. */
    public long readVarint() throws MalformedException {
        expect(ProtobufWriter.VARINT);
        return varint();
    }

    /** A fixed64: eight bytes, little-endian. */
    public long readFixed64() throws MalformedException {
        expect(ProtobufWriter.FIXED64);
        return take(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** A boolean. */
    public boolean readBoolean() throws MalformedException {
        return readVarint() != 0;
    }

    /** A copy of a byte string. */
    public byte[] readBytes() throws MalformedException {
        ByteBuffer slice = slice();
        byte[] bytes = new byte[slice.remaining()];
        slice.get(bytes);
        return bytes;
    }

    /** Text; bytes that are no UTF-8 are refused. */
    public String readString() throws MalformedException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(slice()).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("protobuf text is not UTF-8", e);
        }
    }

    /** An embedded message, over the same array. */
    public ProtobufReader readMessage() throws MalformedException {
        return new ProtobufReader(slice());
    }

    private void expect(int type) throws MalformedException {
        if (wireType != type || !unread) {
            throw new MalformedException("protobuf field " + field + " has wire type " + wireType + ", not " + type);
        }
        unread = false;
    }

    private ByteBuffer slice() throws MalformedException {
        expect(ProtobufWriter.LENGTH_DELIMITED);
        return take(varint());
    }

    private ByteBuffer take(long length) throws MalformedException {
        if (length < 0 || length > from.remaining()) {
            throw new MalformedException("protobuf field " + field + " is longer than its message");
        }
        ByteBuffer slice = from.slice(from.position(), (int) length);
        from.position(from.position() + (int) length);
        return slice;
    }

    private void skip() throws MalformedException {
        unread = false;
        switch (wireType) {
            case ProtobufWriter.VARINT -> varint();
            case ProtobufWriter.FIXED64 -> take(8);
            case ProtobufWriter.FIXED32 -> take(4);
            case ProtobufWriter.LENGTH_DELIMITED -> take(varint());
            default -> throw new MalformedException("protobuf wire type " + wireType + " is not known");
        }
    }

    /** Protobuf's own: 64 bits in up to ten bytes, not necessarily minimal. */
    private long varint() throws MalformedException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (!from.hasRemaining()) {
                throw new MalformedException("protobuf message is cut off");
            }
            byte next = from.get();
            if (shift == 63 && (next & 0xff) > 1) {
                break;
            }
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedException("protobuf varint has more than 64 bits");
    }
}
