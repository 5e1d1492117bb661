package adit.multiformats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class ProtobufTest {
    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static ProtobufReader reader(String hex) {
        return new ProtobufReader(bytes(hex));
    }

    @Test
    void theExamplesOfTheSpecificationAreWrittenAndRead() throws IOException {
        // protobuf.dev, "Encoding": Test1 {a: 150}, Test2 {b: "testing"}, Test3 {c: {a: 150}}
        assertArrayEquals(bytes("089601"), new ProtobufWriter().varint(1, 150).toBytes());
        assertArrayEquals(bytes("120774657374696e67"), new ProtobufWriter().string(2, "testing").toBytes());
        assertArrayEquals(bytes("1a03089601"), new ProtobufWriter().message(3, new ProtobufWriter().varint(1, 150)).toBytes());
        ProtobufReader reader = reader("120774657374696e671a03089601");
        assertTrue(reader.next());
        assertEquals(2, reader.field());
        assertEquals("testing", reader.readString());
        assertTrue(reader.next());
        assertEquals(3, reader.field());
        ProtobufReader inner = reader.readMessage();
        assertTrue(inner.next());
        assertEquals(150, inner.readVarint());
        assertFalse(inner.next());
        assertFalse(reader.next());
        assertFalse(reader.next());
    }

    @ParameterizedTest
    @CsvSource({"0,00", "1,01", "127,7f", "128,8001", "9223372036854775807,ffffffffffffffff7f", "-1,ffffffffffffffffff01",
        "-9223372036854775808,80808080808080808001"})
    void integersOf64BitsComeBack(long value, String hex) throws IOException {
        byte[] message = new ProtobufWriter().varint(1, value).toBytes();
        assertArrayEquals(bytes("08" + hex), message);
        ProtobufReader reader = new ProtobufReader(message);
        assertTrue(reader.next());
        assertEquals(value, reader.readVarint());
        assertFalse(reader.next());
    }

    @Test
    void integersOfFixedLengthComeBackLowestByteFirst() throws IOException {
        byte[] message = new ProtobufWriter().fixed64(2, 0x0102030405060708L).fixed64(3, -1).toBytes();
        assertArrayEquals(bytes("11080706050403020119ffffffffffffffff"), message);
        ProtobufReader reader = new ProtobufReader(message);
        assertTrue(reader.next());
        assertEquals(0x0102030405060708L, reader.readFixed64());
        assertTrue(reader.next());
        assertEquals(-1, reader.readFixed64());
        assertFalse(reader.next());
        ProtobufReader cutOff = reader("110807");
        assertTrue(cutOff.next());
        assertThrows(MalformedException.class, cutOff::readFixed64);
    }

    @Test
    void integersNeedNotBeMinimal() throws IOException {
        ProtobufReader reader = reader("0881808000");
        assertTrue(reader.next());
        assertEquals(1, reader.readVarint());
        assertFalse(reader.next());
    }

    @Test
    void booleansBytesAndLargeFieldNumbersComeBack() throws IOException {
        byte[] message = new ProtobufWriter().bool(1, true).bool(2, false).bytes(0x1fff_ffff, new byte[] {0, -1}).toBytes();
        assertArrayEquals(bytes("08011000faffffff0f0200ff"), message);
        ProtobufReader reader = new ProtobufReader(message);
        assertTrue(reader.next());
        assertTrue(reader.readBoolean());
        assertTrue(reader.next());
        assertFalse(reader.readBoolean());
        assertTrue(reader.next());
        assertEquals(0x1fff_ffff, reader.field());
        assertArrayEquals(new byte[] {0, -1}, reader.readBytes());
        assertFalse(reader.next());
    }

    @Test
    void fieldsOfEveryKindAreSkipped() throws IOException {
        ProtobufReader reader = reader("08ffffffffffffffffff01" + "110102030405060708" + "1a0361626325" + "01020304" + "2807");
        for (int field = 1; field <= 4; field++) {
            assertTrue(reader.next());
            assertEquals(field, reader.field());
        }
        assertTrue(reader.next());
        assertEquals(7, reader.readVarint());
        assertFalse(reader.next());
    }

    @Test
    void anEmbeddedMessageEndsWhereItsFieldEnds() throws IOException {
        ProtobufReader outer = reader("0a021005" + "1801");
        assertTrue(outer.next());
        ProtobufReader inner = outer.readMessage();
        assertTrue(outer.next());
        assertEquals(1, outer.readVarint());
        assertTrue(inner.next());
        assertEquals(5, inner.readVarint());
        assertFalse(inner.next());
    }

    @Test
    void anEmbeddedMessageCannotReadBehindItsEnd() throws IOException {
        ProtobufReader outer = reader("0a020a05" + "0102030405");
        assertTrue(outer.next());
        ProtobufReader inner = outer.readMessage();
        assertTrue(inner.next());
        assertThrows(MalformedException.class, inner::readBytes);
    }

    private static void skipAll(ProtobufReader reader) throws MalformedException {
        while (reader.next()) {
            assertTrue(reader.field() > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "00", "0200", "8080808010", "ffffffffffffffffff01", "ffffffffffffffffffff01"})
    void fieldNumbersOutOfRangeAreRefused(String hex) {
        assertThrows(MalformedException.class, () -> skipAll(reader(hex)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0b0c", "0b", "0c", "0e01", "0f01", "0b08010c"})
    void groupsAndUnknownWireTypesAreRefused(String hex) {
        assertThrows(MalformedException.class, () -> skipAll(reader(hex)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"08", "0880", "0a", "0a01", "0a80", "0aff01", "0affffffff0f", "0affffffffffffffff7f", "0affffffffffffffffff01",
        "0901020304050607", "0d010203"})
    void fieldsLongerThanTheMessageAreRefusedBeforeAnythingIsAllocated(String hex) {
        assertThrows(MalformedException.class, () -> skipAll(reader(hex)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0880808080808080808002", "08ffffffffffffffffff7f", "0880808080808080808080808001"})
    void integersOfMoreThan64BitsAreRefused(String hex) throws IOException {
        assertThrows(MalformedException.class, () -> skipAll(reader(hex)));
        ProtobufReader reader = reader(hex);
        assertTrue(reader.next());
        assertThrows(MalformedException.class, reader::readVarint);
    }

    @Test
    void aFieldOfAnotherTypeThanExpectedIsRefused() throws IOException {
        for (String hex : new String[] {"0a0101", "0d01020304", "090102030405060708", "0b0c"}) {
            ProtobufReader reader = reader(hex);
            assertTrue(reader.next());
            assertThrows(MalformedException.class, reader::readVarint, hex);
            assertThrows(MalformedException.class, reader::readBoolean, hex);
        }
        for (String hex : new String[] {"0801", "0d01020304", "090102030405060708", "0b0c"}) {
            ProtobufReader reader = reader(hex);
            assertTrue(reader.next());
            assertThrows(MalformedException.class, reader::readBytes, hex);
            assertThrows(MalformedException.class, reader::readString, hex);
            assertThrows(MalformedException.class, reader::readMessage, hex);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0a01ff", "0a02c0af", "0a03eda080", "0a01c3"})
    void textThatIsNotUtf8IsRefused(String hex) throws IOException {
        ProtobufReader reader = reader(hex);
        assertTrue(reader.next());
        assertThrows(MalformedException.class, reader::readString);
    }

    @Test
    void aFieldIsReadOnce() throws IOException {
        ProtobufReader reader = reader("08011002");
        assertTrue(reader.next());
        assertEquals(1, reader.readVarint());
        assertThrows(MalformedException.class, reader::readVarint);
    }
}
