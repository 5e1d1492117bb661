package adit.pairing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** That readers read it is test-net's to prove, with one. */
class QrCodeTest {
    /** The standard's example, annex I: "01234567" in version 1-M has these check bytes. */
    @Test void checkBytesAreThoseOfTheStandard() {
        byte[] data = bytes(0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11);
        assertArrayEquals(bytes(0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55), ReedSolomon.check(data, 0, data.length, 10));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test void isAsLargeAsTheTextNeeds() {
        assertEquals(21, QrCode.of("A".repeat(25)).size());
        assertEquals(25, QrCode.of("A".repeat(26)).size());
        assertEquals(57, QrCode.of("A".repeat(395)).size());
        assertEquals(97, QrCode.of("A".repeat(1249)).size());
        assertThrows(IllegalArgumentException.class, () -> QrCode.of("A".repeat(1250)));
        assertThrows(IllegalArgumentException.class, () -> QrCode.of("a"));
    }

    @Test void linesAreOfOneLength() {
        QrCode code = QrCode.of("ADIT");
        code.text(false).lines().forEach(line -> assertEquals(code.size() + 4, line.length()));
    }
}
