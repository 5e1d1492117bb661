package adit.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What this machine's processor computes fast. Without AES instructions, as on a Raspberry Pi 4, AES-GCM is several times slower than
 * ChaCha20-Poly1305; with them it is the faster one.
 */
final class Processor {
    private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");

    private Processor() {}

    /** Whether it has AES instructions; true where the system does not tell. Reads a file. */
    static boolean hasAes() {
        return hasAes(DESCRIPTION);
    }

    /** Looks at the first processor only: the file has a page for each. */
    static boolean hasAes(Path description) {
        try (BufferedReader lines = Files.newBufferedReader(description)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // x86 says flags, ARM says Features
                if (line.startsWith("flags") || line.startsWith("Features")) {
                    return List.of(line.substring(line.indexOf(':') + 1).strip().split(" ")).contains("aes");
                }
            }
        } catch (IOException unknown) {
            // no Linux
        }
        return true;
    }
}
