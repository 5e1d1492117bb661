package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
class DemoTest {
    @TempDir
    Path temporary;

    @Test
    void demoVerifiesItsBytesAndRemovesEverything() throws Exception {
        Process demo = start("demo", "--size=3", "--enc=json");
        String words = new String(demo.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        String figures = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, demo.waitFor(), words);
        Map<?, ?> json = (Map<?, ?>) JsonText.parse(figures);
        assertEquals(3_000_000L, json.get("BytesEachWay"));
        assertEquals(new DemoData(3).whole().hash(), json.get("SHA256"));
        assertTrue((Long) json.get("PushBytesPerSecond") > 0 && (Long) json.get("PullBytesPerSecond") > 0, figures);
        assertTrue((Long) json.get("RoundTripP50Nanoseconds") <= (Long) json.get("RoundTripP99Nanoseconds"), figures);
        assertEquals(List.of(), leftovers());
    }

    @Test
    void interruptedDemoRemovesEverythingAndEndsItsDaemons() throws Exception {
        Process demo = start("demo", "--size=2000");
        BufferedReader words = demo.errorReader(StandardCharsets.UTF_8);
        for (String line = words.readLine(); !line.contains("measuring round trips"); line = words.readLine()) {
            assertTrue(demo.isAlive(), line);
        }
        List<ProcessHandle> daemons = demo.descendants().toList();
        assertEquals(2, daemons.size());
        demo.destroy();
        demo.waitFor();
        assertEquals(List.of(), leftovers());
        for (ProcessHandle daemon : daemons) {
            daemon.onExit().get(10, TimeUnit.SECONDS);
            assertFalse(daemon.isAlive());
        }
    }

    private Process start(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + temporary, "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("ADIT_LAUNCHER");
        return builder.start();
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.toList();
        }
    }
}
