package adit.multiformats;

/** Reads the protobuf wire format (proto2/proto3), bounded by the array given. Loop: while (r.next()) switch (r.field()) {…}; unknown fields are skipped by the next next(). */
public final class ProtobufReader {
    public ProtobufReader(byte[] message) {}
    public boolean next() throws MalformedException { throw new UnsupportedOperationException("written next"); }
    /** Field number of the current field. */
    public int field() { throw new UnsupportedOperationException("written next"); }
    public long readVarint() throws MalformedException { throw new UnsupportedOperationException("written next"); }
    public boolean readBoolean() throws MalformedException { throw new UnsupportedOperationException("written next"); }
    public byte[] readBytes() throws MalformedException { throw new UnsupportedOperationException("written next"); }
    /** UTF-8, strict. */
    public String readString() throws MalformedException { throw new UnsupportedOperationException("written next"); }
    /** Bytes of an embedded message as a reader over the same array. */
    public ProtobufReader readMessage() throws MalformedException { throw new UnsupportedOperationException("written next"); }
}
