package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Whatever a user types as a name or an address is taken whole or refused with a reason. */
final class ArgumentsFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void names(byte[] bytes) {
        String name = new String(bytes, StandardCharsets.UTF_8);
        try {
            ProtocolName.check(name, true);
        } catch (IllegalArgumentException refusal) {
            assertFalse(refusal.getMessage().isEmpty());
            return;
        }
        assertTrue(name.startsWith("/") && name.indexOf('\n') < 0);
        assertEquals(name.strip(), name);
        assertTrue(name.getBytes(StandardCharsets.UTF_8).length < 1024);
    }

    @FuzzTest(maxDuration = "1m")
    void addresses(byte[] bytes) {
        try {
            Endpoint endpoint = Endpoint.ofTarget(Multiaddr.parse(new String(bytes, StandardCharsets.UTF_8)));
            assertTrue(endpoint instanceof Endpoint.Unix || endpoint instanceof Endpoint.Tcp tcp && tcp.port() > 0 && !tcp.host().isEmpty());
        } catch (MalformedException | IllegalArgumentException refusal) {
            assertFalse(refusal.getMessage().isEmpty());
        }
    }
}
