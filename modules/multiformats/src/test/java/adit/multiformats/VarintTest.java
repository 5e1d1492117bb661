package adit.multiformats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class VarintTest {
    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    static List<String[]> specification() throws IOException {
        return Vectors.read("varint.txt", " ");
    }

    @ParameterizedTest
    @MethodSource("specification")
    void everyNumberOfTheSpecificationHasItsBytes(String number, String hex) throws IOException {
        long value = Long.parseLong(number);
        assertArrayEquals(bytes(hex), Varint.encode(value));
        assertEquals(hex.length() / 2, Varint.encodedLength(value));
        assertEquals(value, Varint.decode(ByteBuffer.wrap(bytes(hex))));
        assertEquals(value, Varint.read(new ByteArrayInputStream(bytes(hex))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8100", "8000", "ff00", "80808000", "ffffffffffffffff00"})
    void numbersThatAreNotMinimalAreRefused(String hex) {
        assertEquals("varint is not minimal",
                assertThrows(MalformedException.class, () -> Varint.decode(ByteBuffer.wrap(bytes(hex)))).getMessage());
        assertThrows(MalformedException.class, () -> Varint.read(new ByteArrayInputStream(bytes(hex))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"80808080808080808001", "ffffffffffffffffff01", "ffffffffffffffffffffffffffffff7f"})
    void tenBytesAreRefused(String hex) {
        assertEquals("varint is longer than 9 bytes",
                assertThrows(MalformedException.class, () -> Varint.decode(ByteBuffer.wrap(bytes(hex)))).getMessage());
        assertThrows(MalformedException.class, () -> Varint.read(new ByteArrayInputStream(bytes(hex))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "ffff", "8080808080808080"})
    void numbersThatAreCutOffAreRefused(String hex) {
        assertThrows(MalformedException.class, () -> Varint.decode(ByteBuffer.wrap(bytes(hex))));
        assertThrows(EOFException.class, () -> Varint.read(new ByteArrayInputStream(bytes(hex))));
    }

    @Test
    void nothingToReadIsTheEndOfTheStreamButNoNumber() throws IOException {
        assertEquals(-1, Varint.read(new ByteArrayInputStream(new byte[0])));
        assertThrows(MalformedException.class, () -> Varint.decode(ByteBuffer.allocate(0)));
    }

    @Test
    void negativeNumbersAreAMistakeOfTheCaller() {
        assertThrows(IllegalArgumentException.class, () -> Varint.encode(-1));
        assertThrows(IllegalArgumentException.class, () -> Varint.encodedLength(Long.MIN_VALUE));
    }

    @Test
    void decodingStopsBehindTheNumber() throws IOException {
        ByteBuffer from = ByteBuffer.wrap(bytes("ac02ff"));
        assertEquals(300, Varint.decode(from));
        assertEquals(2, from.position());
    }

    @Test
    void encodingIntoAnArrayTellsWhereItEnds() {
        byte[] into = new byte[5];
        assertEquals(3, Varint.encode(300, into, 1));
        assertArrayEquals(bytes("00ac020000"), into);
    }

    @Test
    void anyNumberComesBack() throws IOException {
        var random = new Random(1);
        for (int round = 0; round < 10_000; round++) {
            long value = random.nextLong() >>> 1 + random.nextInt(63);
            assertEquals(value, Varint.decode(ByteBuffer.wrap(Varint.encode(value))), "round " + round);
        }
    }

    @Test
    void messagesWithTheirLengthComeBack() throws IOException {
        var out = new ByteArrayOutputStream();
        byte[] message = new byte[300];
        Arrays.fill(message, (byte) 7);
        Varint.writeLengthPrefixed(out, message);
        Varint.writeLengthPrefixed(out, new byte[0]);
        var in = new ByteArrayInputStream(out.toByteArray());
        assertArrayEquals(message, Varint.readLengthPrefixed(in, 300));
        assertArrayEquals(new byte[0], Varint.readLengthPrefixed(in, 300));
        assertNull(Varint.readLengthPrefixed(in, 300));
    }

    @Test
    void aMessageIsWrittenInOnePiece() throws IOException {
        List<Integer> pieces = new ArrayList<>();
        Varint.writeLengthPrefixed(new OutputStream() {
            @Override public void write(int next) {
                pieces.add(1);
            }

            @Override public void write(byte[] bytes, int offset, int length) {
                pieces.add(length);
            }
        }, new byte[200]);
        assertEquals(List.of(202), pieces);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ad02", "8080808010", "ffffffffffffffff7f"})
    void lengthsOverTheLimitAreRefusedBeforeAnythingIsAllocated(String hex) {
        assertThrows(MalformedException.class, () -> Varint.readLengthPrefixed(new ByteArrayInputStream(bytes(hex)), 300));
    }

    @ParameterizedTest
    @ValueSource(strings = {"02ff", "80", "ac02"})
    void messagesThatAreCutOffAreNotTakenForShortOnes(String hex) {
        assertThrows(EOFException.class, () -> Varint.readLengthPrefixed(new ByteArrayInputStream(bytes(hex)), 300));
    }
}
