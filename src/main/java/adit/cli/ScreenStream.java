package adit.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Text in screens, each of which begins with a form feed: on a terminal it takes the place of the one before, elsewhere an empty line parts them. */
final class ScreenStream extends FilterOutputStream {
    private static final byte[] CLEAR = "\033[H\033[2J\033[3J".getBytes(StandardCharsets.US_ASCII);

    private final byte[] start;

    ScreenStream(OutputStream out, boolean isTerminal) {
        super(out);
        start = isTerminal ? CLEAR : new byte[] {'\n'};
    }

    @Override public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\f') {
                out.write(bytes, from, i - from);
                out.write(start);
                from = i + 1;
            }
        }
        out.write(bytes, from, offset + length - from);
    }
}
