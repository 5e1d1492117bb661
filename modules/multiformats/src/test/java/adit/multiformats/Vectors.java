package adit.multiformats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lines of a file of test vectors beside this class; those that begin with # are remarks. */
final class Vectors {
    private Vectors() {}

    /** The fields of each line; fails when there is no line. */
    static List<String[]> read(String file, String separator) throws IOException {
        try (InputStream in = Vectors.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IOException("no vectors: " + file + " is missing");
            }
            List<String[]> vectors = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.startsWith("#")).map(line -> line.split(separator, -1)).toList();
            if (vectors.isEmpty()) {
                throw new IOException("no vectors in " + file);
            }
            return vectors;
        }
    }
}
