package adit.multiformats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are read to their end or refused, whichever way their fields are read, and never more than there is. */
final class ProtobufFuzzTest {
    private static final int DEPTH = 4;

    @FuzzTest(maxDuration = "2m")
    void messages(byte[] bytes) {
        for (int seed = 0; seed < 7; seed++) {
            try {
                assertTrue(read(new ProtobufReader(bytes), seed, DEPTH) <= (long) bytes.length * DEPTH);
            } catch (MalformedException refused) {
                assertTrue(refused.getMessage().startsWith("protobuf "), refused.getMessage());
            }
        }
    }

    /** Reads every field in a way that the seed chooses; returns the number of bytes got. */
    private static long read(ProtobufReader reader, int seed, int depth) throws MalformedException {
        long got = 0;
        for (int way = seed; reader.next(); way++) {
            assertTrue(reader.field() >= 1 && reader.field() <= 0x1fff_ffff);
            switch (way % 7) {
                case 0 -> reader.readVarint();
                case 1 -> reader.readBoolean();
                case 2 -> got += reader.readBytes().length;
                case 3 -> got += reader.readString().length();
                case 4 -> got += depth == 1 ? 0 : read(reader.readMessage(), way, depth - 1);
                case 5 -> reader.readFixed64();
                default -> { }
            }
        }
        assertFalse(reader.next());
        return got;
    }

    @FuzzTest(maxDuration = "2m")
    void bytesComeBack(byte[] bytes) throws MalformedException {
        int field = 1 + bytes.length % 1000;
        var reader = new ProtobufReader(new ProtobufWriter().varint(field, -bytes.length).bytes(field + 1, bytes).toBytes());
        assertTrue(reader.next());
        assertEquals(field, reader.field());
        assertEquals(-bytes.length, reader.readVarint());
        assertTrue(reader.next());
        assertEquals(bytes.length, reader.readBytes().length);
        assertFalse(reader.next());
    }
}
