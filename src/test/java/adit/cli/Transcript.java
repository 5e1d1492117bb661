package adit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A script: commands and what they must print.
 *
 * <pre>
 * # a comment
 * $ a id -f '&lt;id&gt;\n'      run by daemon a; "none" is a directory without a daemon
 * {a.id}                   a line of standard output; {*} stands for anything
 * 2> adit: error: …        a line of standard error
 * ? 1                      the exit code, 0 when not given; empty lines at the end of a step do not count
 * </pre>
 */
record Transcript(List<Step> steps) {
    record Step(int line, String daemon, String command, String out, String err, int code) {}

    static Transcript read(Path file) throws IOException {
        List<Step> steps = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        int at = 0;
        while (at < lines.size()) {
            String line = lines.get(at++);
            if (line.startsWith("$ ")) {
                int start = at;
                StringBuilder out = new StringBuilder();
                StringBuilder err = new StringBuilder();
                int code = 0;
                for (; at < lines.size() && !lines.get(at).startsWith("$ ") && !lines.get(at).startsWith("#"); at++) {
                    String expected = lines.get(at);
                    if (expected.startsWith("2> ")) {
                        err.append(expected.substring(3)).append('\n');
                    } else if (expected.startsWith("? ")) {
                        code = Integer.parseInt(expected.substring(2));
                    } else {
                        out.append(expected).append('\n');
                    }
                }
                int space = line.indexOf(' ', 2);
                while (out.toString().endsWith("\n\n") || out.toString().equals("\n")) {
                    out.setLength(out.length() - 1);
                }
                steps.add(new Step(start, line.substring(2, space), line.substring(space + 1), out.toString(), err.toString(), code));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                throw new IOException(file + ":" + at + ": neither a command nor a comment");
            }
        }
        return new Transcript(steps);
    }

    /** As a shell would, with single quotes only. */
    static String[] words(String command) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean isQuoted = false;
        boolean isWord = false;
        for (char c : (command + " ").toCharArray()) {
            if (c == '\'') {
                isQuoted = !isQuoted;
                isWord = true;
            } else if (c == ' ' && !isQuoted) {
                if (isWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                isWord = false;
            } else {
                word.append(c);
                isWord = true;
            }
        }
        return words.toArray(String[]::new);
    }

    /** Whether the text is what was expected, {*} matching anything. */
    static boolean matches(String expected, String actual) {
        String[] parts = expected.split("\\{\\*}", -1);
        if (parts.length == 1) {
            return expected.equals(actual);
        }
        int at = parts[0].length();
        boolean isMatch = actual.startsWith(parts[0]);
        for (int i = 1; isMatch && i < parts.length - 1; i++) {
            int found = actual.indexOf(parts[i], at);
            isMatch = found >= 0;
            at = found + parts[i].length();
        }
        String last = parts[parts.length - 1];
        return isMatch && actual.length() - last.length() >= at && actual.endsWith(last);
    }
}
