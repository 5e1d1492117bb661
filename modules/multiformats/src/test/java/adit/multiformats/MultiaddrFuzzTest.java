package adit.multiformats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.Multiaddr.Component;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Text and bytes are refused or become an address that comes back from its text, its bytes and its parts. */
final class MultiaddrFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void texts(byte[] input) throws MalformedException {
        Multiaddr address;
        try {
            address = Multiaddr.parse(new String(input, StandardCharsets.UTF_8));
        } catch (MalformedException refused) {
            assertTrue(refused.getMessage().startsWith("failed to parse multiaddr \""), refused.getMessage());
            assertTrue(refused.getMessage().codePoints().allMatch(PrintableText::isPrintable), refused.getMessage());
            return;
        }
        comesBack(address);
    }

    @FuzzTest(maxDuration = "2m")
    void bytes(byte[] bytes) throws MalformedException {
        Multiaddr address;
        try {
            address = Multiaddr.fromBytes(bytes);
        } catch (MalformedException refused) {
            return;
        }
        assertArrayEquals(bytes, address.toBytes());
        comesBack(address);
    }

    private static void comesBack(Multiaddr address) throws MalformedException {
        String text = address.toString();
        assertTrue(text.codePoints().allMatch(PrintableText::isPrintable), text);
        assertEquals(address, Multiaddr.parse(text));
        assertEquals(text, Multiaddr.fromBytes(address.toBytes()).toString());
        assertEquals(address, Multiaddr.of(address.components().toArray(new Component[0])));
        assertEquals(address.has(Multiaddr.Protocol.P2P), address.lastPeerId().isPresent());
        if (address.toTcp().isPresent()) {
            InetSocketAddress socket = address.toTcp().get();
            assertEquals(socket, Multiaddr.ofTcp(socket).toTcp().orElseThrow());
        }
    }
}
