package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.control.ControlClient;
import adit.control.ControlResponse;
import adit.control.StreamFailedException;
import adit.tunnel.Tunnel;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ForegroundTest {
    @TempDir
    Path directory;

    @Test
    void tunnelGoesWithItsClient() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory.resolve("d"))) {
            Tunnel tunnel;
            try (ControlResponse response = begin(daemon, "p2p/listen", "/x/fg", "/ip4/127.0.0.1/tcp/9")) {
                assertEquals("Listening on /x/fg, forwarding to /ip4/127.0.0.1/tcp/9, waiting for interrupt...", firstLine(response));
                tunnel = daemon.daemon().tunnels().list().getFirst();
            }
            daemon.daemon().tunnels().awaitClosed(tunnel);
            assertEquals("", daemon.run("ls").out());
        }
    }

    @Test
    void closingElsewhereEndsTheCommandWell() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory.resolve("d"))) {
            for (List<String> words : List.of(List.of("listen", "-f", "/x/fg", "/ip4/127.0.0.1/tcp/9"),
                    List.of("forward", "-f", "/x/fg", "/unix" + directory + "/s",
                    "/p2p/12D3KooWBPqtfHWLKGZYCRc3Y2U1CAxwy6ojmhBNyoMJZXr79eAE"))) {
                FutureTask<TestDaemon.Result> command = new FutureTask<>(() -> daemon.run(words.toArray(String[]::new)));
                Thread.ofVirtual().start(command);
                awaitTunnel(daemon);
                assertEquals("Closed 1 stream(s)\n", daemon.run("close", "-p", "/x/fg").out());
                assertEquals(0, command.get().code());
                String kind = words.getFirst().equals("listen") ? "listener" : "forwarder";
                assertTrue(command.get().out().endsWith("waiting for interrupt...\nReceived interrupt, removing " + kind + " for /x/fg\n"),
                        command.get().out());
            }
        }
    }

    @Test
    void timeLimitOfARequestIsTheDaemonsToo() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory.resolve("d"))) {
            ControlClient client = new ControlClient(daemon.directory().resolve("api.sock"));
            try (ControlResponse response = client.request("/api/v0/p2p/listen", List.of(Map.entry("arg", "/x/fg"),
                    Map.entry("arg", "/ip4/127.0.0.1/tcp/9"), Map.entry("f", "true"), Map.entry("timeout", "100ms")))) {
                StreamFailedException failure = assertThrows(StreamFailedException.class, () -> response.body().readAllBytes());
                assertEquals("timed out after 100ms", failure.getMessage());
            }
            assertEquals("", daemon.run("ls").out());
            assertEquals(0, daemon.run("ls").code());
        }
    }

    @Test
    void endOfTheDaemonIsToldAndExitsOne() throws Exception {
        TestDaemon daemon = new TestDaemon(directory.resolve("d"));
        FutureTask<TestDaemon.Result> command = new FutureTask<>(() -> daemon.run("listen", "-f", "/x/fg", "/ip4/127.0.0.1/tcp/9"));
        Thread.ofVirtual().start(command);
        awaitTunnel(daemon);
        daemon.close();
        assertEquals(1, command.get().code());
        assertTrue(command.get().err().endsWith("adit: error: the daemon is shutting down\n"), command.get().err());
    }

    /** Each question is a round trip to the daemon; there is no event to wait for, since the command prints to nobody yet. */
    private static void awaitTunnel(TestDaemon daemon) {
        while (daemon.run("ls").out().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private static ControlResponse begin(TestDaemon daemon, String path, String protocol, String address) throws Exception {
        return new ControlClient(daemon.directory().resolve("api.sock")).request("/api/v0/" + path,
                List.of(Map.entry("arg", protocol), Map.entry("arg", address), Map.entry("f", "true"), Map.entry("encoding", "text")));
    }

    private static String firstLine(ControlResponse response) throws Exception {
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)).readLine();
    }
}
