package adit.cli;

import adit.pairing.QrCode;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Text whose first line is a code, which a terminal shows below it as a QR code, too. */
final class CodeStream extends FilterOutputStream {
    private final ByteArrayOutputStream first = new ByteArrayOutputStream();
    private boolean isShown;

    CodeStream(OutputStream out) {
        super(out);
    }

    /** Whether this process writes to a terminal that can show one. */
    static boolean isWanted() {
        String kind = System.getenv("TERM");
        return System.console() != null && System.console().isTerminal() && kind != null && !kind.equals("dumb")
                && StandardCharsets.UTF_8.name().equalsIgnoreCase(System.getProperty("stdout.encoding"));
    }

    @Override public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        for (int i = offset; i < offset + length && !isShown; i++) {
            if (bytes[i] == '\n') {
                show(first.toString(StandardCharsets.US_ASCII));
            } else {
                first.write(bytes[i]);
            }
        }
    }

    private void show(String code) throws IOException {
        isShown = true;
        boolean isColoured = System.getenv("NO_COLOR") == null || System.getenv("NO_COLOR").isEmpty();
        out.write(QrCode.of(code.toUpperCase(Locale.ROOT)).text(isColoured).getBytes(StandardCharsets.UTF_8));
    }
}
