package adit.dht;

import adit.multiformats.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads as much of DAG-CBOR (ipld.io/specs/codecs/dag-cbor, a strict form of RFC 8949) as an IPNS record needs: maps with text
 * keys, integers, byte strings; the rest is skipped. Lengths are bounded by the array, nesting by a maximum.
 */
final class CborReader {
    private static final int UNSIGNED = 0;
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int LIST = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;
    private static final int MAXIMUM_DEPTH = 16;

    private final ByteBuffer from;
    private int major;

    CborReader(byte[] bytes) {
        from = ByteBuffer.wrap(bytes);
    }

    /** Begins a map; how many pairs follow. */
    long readMap() throws MalformedException {
        return readHead(MAP, "a map");
    }

    String readText() throws MalformedException {
        return new String(take(readHead(TEXT, "text")), StandardCharsets.UTF_8);
    }

    byte[] readBytes() throws MalformedException {
        return take(readHead(BYTES, "bytes"));
    }

    /** An integer that is not negative. */
    long readUnsigned() throws MalformedException {
        return readHead(UNSIGNED, "an integer");
    }

    /** Steps over one value of any kind. */
    void skip() throws MalformedException {
        skip(0);
    }

    /** Nothing may follow. */
    void end() throws MalformedException {
        if (from.hasRemaining()) {
            throw new MalformedException("bytes follow the CBOR value");
        }
    }

    private void skip(int depth) throws MalformedException {
        if (depth > MAXIMUM_DEPTH) {
            throw new MalformedException("CBOR is nested too deeply");
        }
        long argument = readHead();
        switch (major) {
            case BYTES, TEXT -> take(argument);
            case LIST -> skipMany(argument, depth);
            case MAP -> {
                skipMany(argument, depth);
                skipMany(argument, depth);
            }
            case TAG -> skip(depth + 1);
            default -> { }
        }
    }

    private void skipMany(long count, int depth) throws MalformedException {
        // each takes a byte at least
        if (count < 0 || count > from.remaining()) {
            throw new MalformedException("CBOR is cut off");
        }
        for (long i = 0; i < count; i++) {
            skip(depth + 1);
        }
    }

    private long readHead(int wanted, String what) throws MalformedException {
        long argument = readHead();
        if (major != wanted || argument < 0) {
            throw new MalformedException("CBOR has a value of another kind where " + what + " belongs");
        }
        return argument;
    }

    private long readHead() throws MalformedException {
        int first = number(1) & 0xff;
        major = first >> 5;
        int additional = first & 31;
        if (additional < 24) {
            return additional;
        }
        return switch (additional) {
            case 24 -> number(1) & 0xff;
            case 25 -> number(2) & 0xffff;
            case 26 -> number(4) & 0xffff_ffffL;
            case 27 -> (long) number(4) << 32 | number(4) & 0xffff_ffffL;
            default -> throw new MalformedException("CBOR of indefinite length is not DAG-CBOR");
        };
    }

    private int number(int bytes) throws MalformedException {
        int value = 0;
        for (byte next : take(bytes)) {
            value = value << 8 | next & 0xff;
        }
        return value;
    }

    private byte[] take(long length) throws MalformedException {
        if (length < 0 || length > from.remaining()) {
            throw new MalformedException("CBOR is cut off");
        }
        byte[] bytes = new byte[(int) length];
        from.get(bytes);
        return bytes;
    }
}
