package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/errors.md has every error that the sources word for a user, and for each what to do next. */
class ErrorTableTest {
    private static final Path TABLE = Path.of("../docs/errors.md");
    private static final String ANYTHING = "…";
    private static final String ROW = "| ";
    /** Whose first argument is the message; the rest are worded for those who maintain adit, or stand behind one of these. */
    private static final String KINDS = "CommandException|UsageException|PairingException|DialFailedException|DaemonNotRunningException|DaemonRunningException";
    private static final Pattern MADE = Pattern.compile("new (?:" + KINDS + ")\\(");
    private static final Pattern MADE_ANYHOW = Pattern.compile("new \\w+Exception\\(");
    private static final Pattern MADE_IN_TUNNELS = Pattern.compile("new (?:" + KINDS + "|IllegalArgumentException|IllegalStateException|IOException|BindException)\\(");

    @Test
    void everyErrorOfTheSourcesHasARowWithANextStep() throws IOException {
        Set<String> wanted = new TreeSet<>();
        Set<String> said = new TreeSet<>();
        for (Path root : List.of(Path.of("main/java"), Path.of("../modules/control/src/main"), Path.of("../modules/swarm/src/main"),
                Path.of("../modules/tunnel/src/main"), Path.of("../modules/pairing/src/main"))) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    addMessages(Files.readString(file), file.toString().contains("tunnel/") ? MADE_IN_TUNNELS : MADE, wanted);
                    addMessages(Files.readString(file), MADE_ANYHOW, said);
                }
            }
        }
        assertTrue(wanted.size() > 100, "messages are found: " + wanted.size());
        Set<String> rows = new TreeSet<>();
        for (String line : Files.readAllLines(TABLE)) {
            if (line.startsWith(ROW)) {
                String[] cells = line.substring(ROW.length()).split(" \\| ?");
                assertTrue(cells.length == 2 && !cells[1].isBlank(), "no next step: " + line);
                rows.add(cells[0]);
            }
        }
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(rows);
        assertEquals(Set.of(), missing, "docs/errors.md has no row for these");
        rows.removeAll(said);
        rows.removeAll(Set.of("what is said", "---"));
        assertEquals(Set.of(), rows, "docs/errors.md has rows for what nobody says any more");
    }

    private static void addMessages(String source, Pattern made, Set<String> into) {
        Matcher matcher = made.matcher(source);
        while (matcher.find()) {
            String message = message(source, matcher.end());
            if (message.chars().anyMatch(Character::isLetter)) {
                into.add(message);
            }
        }
    }

    /** The first argument: its literals as they are, anything else as dots. */
    private static String message(String source, int from) {
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (int at = from; depth > 0 || source.charAt(at) != ',' && source.charAt(at) != ')'; at++) {
            char c = source.charAt(at);
            if (c == '"') {
                int end = at + 1;
                while (source.charAt(end) != '"') {
                    end += source.charAt(end) == '\\' ? 2 : 1;
                }
                if (depth == 0) {
                    text.append(source, at + 1, end);
                }
                at = end;
            } else if (c == '(' || c == '{' || c == '[') {
                text.append(depth++ == 0 ? ANYTHING : "");
            } else if (c == ')' || c == '}' || c == ']') {
                depth--;
            } else if (depth == 0 && Character.isJavaIdentifierPart(c)) {
                text.append(ANYTHING);
            }
        }
        return text.toString().replaceAll("…+", ANYTHING).replace("\\\"", "\"").replace("\\n", " ");
    }
}
