package adit.multiformats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class MalformedExceptionTest {
    @Test
    void aMessageIsOneLineThatATerminalCanShow() {
        String sent = "red \u001b[31m, line\nline\r, \u009b, \u202etxt, \u2028, \ud800 half, tab\t";
        assertEquals("red \\u001b[31m, line\\u000aline\\u000d, \\u009b, \\u202etxt, \\u2028, \\ud800 half, tab\\u0009",
                new MalformedException(sent).getMessage());
    }

    @Test
    void whatCanBeShownStaysAsItIs() {
        String sent = "unknown protocol bücher \"日本\" 🦆 %s";
        var cause = new IllegalStateException();
        var exception = new MalformedException(sent, cause);
        assertEquals(sent, exception.getMessage());
        assertSame(cause, exception.getCause());
        assertNull(new MalformedException(null, cause).getMessage());
    }

    @Test
    void aLongMessageKeepsItsBeginningAndItsEnd() {
        String message = new MalformedException("failed to parse \"" + "x".repeat(1_000_000) + "\": too long").getMessage();
        assertTrue(message.length() <= PrintableText.MAXIMUM_LENGTH, "length " + message.length());
        assertTrue(message.startsWith("failed to parse \"xxx"), message);
        assertTrue(message.endsWith("xxx\": too long"), message);
    }
}
