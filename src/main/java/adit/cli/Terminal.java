package adit.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Where a command runs: its standard streams and the daemon's directory. Data goes to out, words to err.
 *
 * @param in read by nc only
 * @param directory ADIT_PATH
 */
record Terminal(InputStream in, OutputStream out, OutputStream err, Path directory) {
    void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** A line of words; one that cannot be shown is not worth failing for. */
    void say(String line) {
        try {
            err.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException nobodyReads) {
            // the exit code still tells
        }
    }

    void complain(String message, String hint) {
        say("adit: error: " + message);
        if (hint != null) {
            say("adit: hint: " + hint);
        }
    }
}
