package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What needs processes of its own: signals and exit codes. */
@Timeout(120)
class ProcessTest {
    @TempDir
    Path directory;
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void kill() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void signalEndsTheDaemonInOrder() throws Exception {
        Process daemon = startDaemon();
        signal(daemon, "TERM");
        assertEquals(0, daemon.waitFor());
        assertFalse(Files.exists(directory.resolve("api")));
        assertFalse(Files.exists(directory.resolve("api.sock")));
        // and it can start again
        signal(startDaemon(), "INT");
    }

    @Test
    void secondSignalEndsAtOnceWhileStreamsAreStillOpen() throws Exception {
        Process daemon = startDaemon();
        try (ServerSocket service = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PipedOutputStream input = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(input); TestDaemon client = new TestDaemon(directory.resolve("client"))) {
            assertEquals(0, TestDaemon.run(directory, "listen", "/x/hold", "/ip4/127.0.0.1/tcp/" + service.getLocalPort()).code());
            String address = TestDaemon.run(directory, "id", "-f", "<addrs>").out();
            Thread.ofVirtual().start(() -> TestDaemon.run(client.directory(), in, "nc", "/x/hold", address));
            try (Socket held = service.accept()) {
                signal(daemon, "TERM");
                assertTrue(daemon.errorReader().lines().anyMatch(line -> line.startsWith("Received interrupt signal, shutting down...")));
                signal(daemon, "TERM");
                assertEquals(255, daemon.waitFor());
                assertEquals(-1, held.getInputStream().read());
            }
        }
    }

    @Test
    void daemonKilledHardCanStartAgain() throws Exception {
        Process first = startDaemon();
        first.destroyForcibly().waitFor();
        assertTrue(Files.exists(directory.resolve("api.sock")));
        Process second = startDaemon();
        assertEquals(0, start("shutdown").waitFor());
        assertEquals(0, second.waitFor());
    }

    @Test
    void foregroundCommandThatIsStoppedTakesItsTunnelAlong() throws Exception {
        startDaemon();
        Process foreground = start("forward", "-f", "/x/fg", "/ip4/127.0.0.1/tcp/0",
                "12D3KooWBPqtfHWLKGZYCRc3Y2U1CAxwy6ojmhBNyoMJZXr79eAE");
        awaitLine(foreground, "Forwarding /x/fg to /ip4/127.0.0.1/tcp/0, waiting for interrupt...");
        assertFalse(TestDaemon.run(directory, "ls").out().isEmpty());
        signal(foreground, "TERM");
        foreground.waitFor();
        while (!TestDaemon.run(directory, "ls").out().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void timeLimitOfACommandHolds() throws Exception {
        startDaemon();
        Process foreground = start("listen", "-f", "--timeout", "500ms", "/x/fg", "/ip4/127.0.0.1/tcp/9");
        String err = new String(foreground.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(1, foreground.waitFor());
        assertTrue(err.endsWith("adit: error: timed out after 500ms\n"), err);
    }

    @Test
    void callersSideLoadsNoJsonLibrary() throws Exception {
        startDaemon();
        Process process = start(List.of("-Xlog:class+load:stdout"), "ls");
        String loaded = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        assertTrue(loaded.contains("adit.cli.DaemonRequest"));
        assertFalse(loaded.contains("com.google.gson"));
        assertFalse(loaded.contains("org.bouncycastle"));
        assertFalse(loaded.contains("java.util.regex.Pattern source: jrt"));
    }

    private Process startDaemon() throws IOException {
        TestDaemon.initialize(directory);
        Process daemon = start("daemon");
        awaitLine(daemon, "Daemon is ready");
        return daemon;
    }

    private Process start(String... words) throws IOException {
        return start(List.of(), words);
    }

    private Process start(List<String> options, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "adit.cli.Main"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("ADIT_PATH", directory.toString());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static void awaitLine(Process process, String wanted) throws IOException {
        BufferedReader lines = process.inputReader();
        String line = lines.readLine();
        while (line != null && !line.equals(wanted)) {
            line = lines.readLine();
        }
        assertEquals(wanted, line);
    }

    private static void signal(Process process, String name) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor());
    }
}
