package adit.multiformats;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Unsigned varints: 7 bits a byte, least significant first, minimal, at most 9 bytes (multiformats/unsigned-varint). */
public final class Varint {
    private static final int MAXIMUM_LENGTH = 9;

    private Varint() {}

    /** Bytes that the value takes; the value must not be negative. */
    public static int encodedLength(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a varint cannot be negative: " + value);
        }
        return Math.max(1, (64 - Long.numberOfLeadingZeros(value) + 6) / 7);
    }

    /** The value's bytes. */
    public static byte[] encode(long value) {
        byte[] bytes = new byte[encodedLength(value)];
        encode(value, bytes, 0);
        return bytes;
    }

    /** Writes at offset, returns the offset behind the last byte. */
    public static int encode(long value, byte[] into, int offset) {
        int end = offset + encodedLength(value);
        long left = value;
        for (int at = offset; at < end - 1; at++) {
            into[at] = (byte) (left | 0x80);
            left >>>= 7;
        }
        into[end - 1] = (byte) left;
        return end;
    }

    /** Reads one and moves the position behind it. */
    public static long decode(ByteBuffer from) throws MalformedException {
        long value = 0;
        for (int i = 0; i < MAXIMUM_LENGTH; i++) {
            if (!from.hasRemaining()) {
                throw new MalformedException("varint is cut off");
            }
            byte next = from.get();
            value |= (long) (next & 0x7f) << 7 * i;
            if (next >= 0) {
                return checkMinimal(value, next, i);
            }
        }
        throw new MalformedException("varint is longer than " + MAXIMUM_LENGTH + " bytes");
    }

    /** Reads one byte by byte; -1 at a clean end of stream before the first byte. */
    public static long read(InputStream from) throws IOException {
        long value = 0;
        for (int i = 0; i < MAXIMUM_LENGTH; i++) {
            int next = from.read();
            if (next < 0) {
                if (i == 0) {
                    return -1;
                }
                throw new EOFException("the stream ended inside a varint");
            }
            value |= (long) (next & 0x7f) << 7 * i;
            if (next < 0x80) {
                return checkMinimal(value, next, i);
            }
        }
        throw new MalformedException("varint is longer than " + MAXIMUM_LENGTH + " bytes");
    }

    private static long checkMinimal(long value, int last, int index) throws MalformedException {
        if (last == 0 && index > 0) {
            throw new MalformedException("varint is not minimal");
        }
        return value;
    }

    /**
     * Reads a varint length and that many bytes.
     *
     * @param limit the largest length accepted, checked before anything is allocated
     * @return null at a clean end of stream before the first byte
     */
    public static byte[] readLengthPrefixed(InputStream from, int limit) throws IOException {
        long length = read(from);
        if (length < 0) {
            return null;
        }
        if (length > limit) {
            throw new MalformedException("message of " + length + " bytes is over the limit of " + limit);
        }
        byte[] bytes = from.readNBytes((int) length);
        if (bytes.length < length) {
            throw new EOFException("the stream ended inside a message");
        }
        return bytes;
    }

    /** Writes length and bytes with one call to the stream. */
    public static void writeLengthPrefixed(OutputStream to, byte[] bytes) throws IOException {
        int prefix = encodedLength(bytes.length);
        byte[] message = new byte[prefix + bytes.length];
        encode(bytes.length, message, 0);
        System.arraycopy(bytes, 0, message, prefix, bytes.length);
        to.write(message);
    }
}
