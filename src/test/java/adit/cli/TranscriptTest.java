package adit.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class TranscriptTest {
    @TempDir
    Path directory;

    static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("test/scripts"))) {
            List<Path> scripts = files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
            assertFalse(scripts.isEmpty(), "no scripts found");
            return scripts;
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void commandsPrintWhatTheScriptSays(Path script) throws Exception {
        List<Transcript.Step> steps = Transcript.read(script).steps();
        assertFalse(steps.isEmpty(), "no commands in " + script);
        try (TestDaemon a = new TestDaemon(directory.resolve("a")); TestDaemon b = new TestDaemon(directory.resolve("b"))) {
            for (Transcript.Step step : steps) {
                Path where = directory.resolve(step.daemon());
                TestDaemon.Result result = TestDaemon.run(where, Transcript.words(fill(step.command(), a, b)));
                check(script, step, "standard output", fill(step.out(), a, b), result.out());
                check(script, step, "standard error", fill(step.err(), a, b), result.err());
                check(script, step, "exit code", Integer.toString(step.code()), Integer.toString(result.code()));
            }
        }
    }

    private String fill(String text, TestDaemon a, TestDaemon b) {
        return text.replace("{a.id}", a.id()).replace("{a.address}", a.address()).replace("{b.id}", b.id()).replace("{b.address}",
                b.address())
                .replace("{directory}", directory.toString());
    }

    private static void check(Path script, Transcript.Step step, String what, String expected, String actual) {
        if (!Transcript.matches(expected, actual)) {
            fail(script.getFileName() + ":" + step.line() + ": " + step.command() + "\n" + what + " expected:\n" + expected + "\nbut was:\n"
                    + actual);
        }
    }
}
