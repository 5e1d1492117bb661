package adit.multiformats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Whatever bytes come, a number read is written as the same bytes, and both ways of reading agree. */
final class VarintFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void numbers(byte[] bytes) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        long value;
        try {
            value = Varint.decode(from);
        } catch (MalformedException refused) {
            assertEquals(-1, readOrRefuse(bytes));
            return;
        }
        assertTrue(value >= 0);
        assertArrayEquals(Arrays.copyOf(bytes, from.position()), Varint.encode(value));
        assertEquals(value, readOrRefuse(bytes));
    }

    private static long readOrRefuse(byte[] bytes) throws IOException {
        try {
            return Varint.read(new ByteArrayInputStream(bytes));
        } catch (MalformedException | EOFException refused) {
            return -1;
        }
    }

    @FuzzTest(maxDuration = "2m")
    void messages(byte[] bytes) throws IOException {
        try {
            byte[] message = Varint.readLengthPrefixed(new ByteArrayInputStream(bytes), 1000);
            assertTrue(message == null && bytes.length == 0 || message.length <= 1000 && message.length < bytes.length);
        } catch (MalformedException | EOFException refused) {
            assertTrue(bytes.length > 0);
        }
    }
}
