package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProtocolNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"/x/ssh", "/x/1234", "/x/a/b", "/x/größe"})
    void namesWithinTheNamespaceAreTaken(String name) {
        assertDoesNotThrow(() -> ProtocolName.check(name, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/p2p-test", "ssh", "", "/X/ssh", "/x"})
    void namesOutsideTheNamespaceAreRefusedInKubosWords(String name) {
        assertEquals("protocol name must be within '/x/' namespace", reason(name, false));
    }

    @Test void customNamesMayLieOutside() {
        assertDoesNotThrow(() -> ProtocolName.check("/p2p-test", true));
        assertDoesNotThrow(() -> ProtocolName.check("/http/1.1", true));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEmptyNameAfterTheNamespaceIsRefused(boolean custom) {
        assertEquals("protocol name is empty after '/x/'", reason("/x/", custom));
    }

    @ParameterizedTest
    @ValueSource(strings = {"na", "ls", "", "/", "/multistream/1.0.0"})
    void wordsOfTheNegotiationAreNoNames(String name) {
        reason(name, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/x/a b", "/x/a\n", "/x/\t", "/x/\u0000", "/x/\u001b[31m", "/x/\u00a0", "/x/\u2028", "/x/\u202e", "/x/\ud800"})
    void namesThatCannotBeReadAreRefused(String name) {
        reason(name, false);
    }

    @Test void aNameIsNoLongerThanAMultistreamMessage() {
        assertDoesNotThrow(() -> ProtocolName.check("/x/" + "a".repeat(1020), false));
        assertEquals("protocol name is too long: 1024 bytes, at most 1023", reason("/x/" + "a".repeat(1021), false));
        assertEquals("protocol name is too long: 1025 bytes, at most 1023", reason("/x/" + "ö".repeat(511), false));
    }

    private static String reason(String name, boolean custom) {
        return assertThrows(IllegalArgumentException.class, () -> ProtocolName.check(name, custom)).getMessage();
    }
}
