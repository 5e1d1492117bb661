package adit.multiformats;

/** Writes the protobuf wire format in the order of the calls. */
public final class ProtobufWriter {
    public ProtobufWriter() {}
    public ProtobufWriter varint(int field, long value) { throw new UnsupportedOperationException("written next"); }
    public ProtobufWriter bool(int field, boolean value) { throw new UnsupportedOperationException("written next"); }
    public ProtobufWriter bytes(int field, byte[] value) { throw new UnsupportedOperationException("written next"); }
    public ProtobufWriter string(int field, String value) { throw new UnsupportedOperationException("written next"); }
    public ProtobufWriter message(int field, ProtobufWriter value) { throw new UnsupportedOperationException("written next"); }
    public byte[] toBytes() { throw new UnsupportedOperationException("written next"); }
}
