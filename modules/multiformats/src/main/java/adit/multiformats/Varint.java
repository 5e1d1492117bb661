package adit.multiformats;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Unsigned varints: 7 bits a byte, least significant first, minimal, at most 9 bytes (multiformats/unsigned-varint). */
public final class Varint {
    private Varint() {}
    public static int encodedLength(long value) { throw new UnsupportedOperationException("written next"); }
    public static byte[] encode(long value) { throw new UnsupportedOperationException("written next"); }
    /** Writes at offset, returns the offset behind the last byte. */
    public static int encode(long value, byte[] into, int offset) { throw new UnsupportedOperationException("written next"); }
    public static long decode(ByteBuffer from) throws MalformedException { throw new UnsupportedOperationException("written next"); }
    /** Returns -1 at a clean end of stream before the first byte. */
    public static long read(InputStream from) throws IOException { throw new UnsupportedOperationException("written next"); }
    /** Reads a varint length no greater than limit, then that many bytes; null at a clean end of stream before the first byte. */
    public static byte[] readLengthPrefixed(InputStream from, int limit) throws IOException { throw new UnsupportedOperationException("written next"); }
    /** Writes length and bytes in one call to the stream. */
    public static void writeLengthPrefixed(OutputStream to, byte[] bytes) throws IOException { throw new UnsupportedOperationException("written next"); }
}
