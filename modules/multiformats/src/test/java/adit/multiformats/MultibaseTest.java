package adit.multiformats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class MultibaseTest {
    static List<String[]> specification() throws IOException {
        return Vectors.read("multibase.txt", " ");
    }

    @ParameterizedTest
    @MethodSource("specification")
    void everyTextOfTheSpecificationIsItsBytes(String base, String hex, String text) throws IOException {
        byte[] bytes = hex.equals("-") ? new byte[0] : HexFormat.of().parseHex(hex);
        assertArrayEquals(bytes, Multibase.decode(text));
        if (!base.equals("read")) {
            assertEquals(text, Multibase.valueOf(base).encode(bytes));
            assertEquals(text.substring(1), Multibase.valueOf(base).encodeBare(bytes));
            assertArrayEquals(bytes, Multibase.valueOf(base).decodeBare(text.substring(1)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyBytesComeBackInEveryBase(Multibase base) throws IOException {
        var random = new Random(base.ordinal());
        for (int round = 0; round < 500; round++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            for (int zeros = random.nextInt(4); zeros > 0 && zeros <= bytes.length; zeros--) {
                bytes[zeros - 1] = 0;
            }
            assertArrayEquals(bytes, Multibase.decode(base.encode(bytes)), "round " + round);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "1abc", "Qabc", "/abc", "vd1imor3f41RMUSJCCG", "Vd1imor3f41RMUSJCCG", "Z7Pznk19XTTzBtx", "MeWVzIG1hbmkgIQ==",
        "hxf1zgedpcfzg1ebb", "\u212a0",
    })
    void basesThatAreNotKnownAreRefused(String text) {
        assertThrows(MalformedException.class, () -> Multibase.decode(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "fg0", "f0 ", "b1", "b0", "bbb=", "k-", "k\u212a", "k\u0130", "z0", "zO", "zI", "zl", "m-", "u+", "meWVzIG1hbmkgIQ==",
        "ueWVzIG1hbmkgIQ=", "m\uff21a",
    })
    void charactersOutsideTheBaseAreRefused(String text) {
        assertThrows(MalformedException.class, () -> Multibase.decode(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"f0", "f000", "ba", "bab", "baaa", "bac", "mA", "mAB", "m//9", "u__9"})
    void textThatEndsInsideAByteIsRefused(String text) {
        assertEquals("text ends inside a byte", assertThrows(MalformedException.class, () -> Multibase.decode(text)).getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void textOverTheLimitIsRefusedBeforeItTakesTime(Multibase base) throws IOException {
        String longest = base == Multibase.BASE58BTC ? "z".repeat(Multibase.MAXIMUM_LENGTH) : "0".repeat(Multibase.MAXIMUM_LENGTH);
        if (base != Multibase.BASE32) {
            base.decodeBare(longest);
        }
        assertThrows(MalformedException.class, () -> base.decodeBare(longest + "a"));
        assertThrows(MalformedException.class, () -> base.decodeBare("1".repeat(10_000_000)));
    }

    @Test
    void theWrongCharacterIsNamed() {
        assertEquals("'0' is no digit of base58btc", assertThrows(MalformedException.class, () -> Multibase.decode("z0")).getMessage());
        assertEquals("multibase prefix '1' is not known",
                assertThrows(MalformedException.class, () -> Multibase.decode("1a")).getMessage());
    }
}
