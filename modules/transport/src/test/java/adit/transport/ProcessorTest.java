package adit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class ProcessorTest {
    @TempDir
    Path directory;

    private boolean hasAes(String description) throws IOException {
        return Processor.hasAes(Files.writeString(directory.resolve("cpuinfo"), description));
    }

    @Test
    void raspberryPi4HasNoAes() throws IOException {
        assertFalse(hasAes("""
                processor\t: 0
                BogoMIPS\t: 108.00
                Features\t: fp asimd evtstrm crc32 cpuid
                CPU part\t: 0xd08
                """));
    }

    @Test
    void raspberryPi5HasAes() throws IOException {
        assertTrue(hasAes("""
                processor\t: 0
                Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
                """));
    }

    @Test
    void xeonHasAes() throws IOException {
        assertTrue(hasAes("processor\t: 0\nflags\t\t: fpu vme sse4_2 popcnt aes xsave avx\n"));
    }

    @Test
    void partOfAWordIsNoAes() throws IOException {
        assertFalse(hasAes("processor\t: 0\nflags\t\t: fpu vaes aeskl\n"));
    }

    @Test
    void unknownProcessorIsTakenForAnUsualOne() throws IOException {
        assertTrue(Processor.hasAes(directory.resolve("absent")));
        assertTrue(hasAes(""));
    }

    @Test
    void withoutAesNoiseIsProposedFirst() {
        assertEquals(List.of("/noise", "/tls/1.0.0"), TransportSettings.securityFor(false));
        assertEquals(List.of("/tls/1.0.0", "/noise"), TransportSettings.securityFor(true));
    }
}
