package adit.multiformats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class KeyMultihashTest {
    private static final String HASH = "1220abababababababababababababababababababababababababababababababab";

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @ParameterizedTest
    @ValueSource(strings = {HASH, "000161", "002a0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a"})
    void multihashesOfKeysComeBackInEveryForm(String hex) throws IOException {
        byte[] multihash = bytes(hex);
        assertArrayEquals(multihash, KeyMultihash.check(multihash));
        assertArrayEquals(multihash, KeyMultihash.parse(Multibase.BASE58BTC.encodeBare(multihash)));
        for (Multibase base : Multibase.values()) {
            assertArrayEquals(multihash, KeyMultihash.parse(base.encode(KeyMultihash.toCid(multihash))), base.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "00", "12", "0000", "1200", "1220", "0002aa", "0001aabb", "122000", "80000161", "00810061", "0081",
        "1110da39a3ee5e6b4b0d3255bfef95601890", "13200000000000000000000000000000000000000000000000000000000000000000",
        "121f00000000000000000000000000000000000000000000000000000000000000",
        "002b0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b",
    })
    void otherBytesAreRefused(String hex) {
        assertThrows(MalformedException.class, () -> KeyMultihash.check(bytes(hex)));
    }

    @ParameterizedTest
    @EnumSource
    void otherCidsAreRefused(Multibase base) {
        for (String hex : List.of("", "01", "0172", "0155" + HASH, "0172" + "1111" + "00".repeat(17), "0272" + HASH, HASH, "0072" + HASH,
                "0172" + HASH + "00", "01f200" + HASH)) {
            assertThrows(MalformedException.class, () -> KeyMultihash.parse(base.encode(bytes(hex))), hex);
        }
    }

    @Test
    void textThatIsTooLongIsRefused() {
        assertEquals("a peer id is not as long as 129 characters",
                assertThrows(MalformedException.class, () -> KeyMultihash.parse("1".repeat(KeyMultihash.MAXIMUM_TEXT + 1))).getMessage());
        assertThrows(MalformedException.class, () -> KeyMultihash.parse(""));
    }
}
