package adit.multiformats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Text is refused or is the one text of its bytes; bytes come back from every base. */
final class MultibaseFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void texts(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        byte[] bytes;
        try {
            bytes = Multibase.decode(text);
        } catch (MalformedException refused) {
            assertTrue(refused.getMessage().length() < 200);
            return;
        }
        for (Multibase base : Multibase.values()) {
            String again = base.encode(bytes);
            if (Character.toLowerCase(text.charAt(0)) == again.charAt(0)) {
                boolean caseless = base == Multibase.BASE16 || base == Multibase.BASE32 || base == Multibase.BASE36;
                assertEquals(again, caseless ? text.toLowerCase(Locale.ROOT) : text);
            }
        }
    }

    @FuzzTest(maxDuration = "2m")
    void bytes(byte[] bytes) throws MalformedException {
        for (Multibase base : Multibase.values()) {
            if (bytes.length <= 1000) {
                assertArrayEquals(bytes, Multibase.decode(base.encode(bytes)));
            }
        }
    }
}
