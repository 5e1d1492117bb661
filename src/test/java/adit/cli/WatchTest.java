package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.control.ControlClient;
import adit.control.ControlResponse;
import adit.tunnel.Tunnel;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that go on until their user has seen enough. */
@Timeout(90)
class WatchTest {
    @TempDir
    Path temporary;

    @Test
    void statusIsShownAgainAndAgain() throws Exception {
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d")); ControlResponse response = ask(daemon, "status", "watch")) {
            daemon.run("listen", "/x/a", "/unix/a");
            BufferedReader lines = reader(response);
            for (int screens = 0; screens < 2;) {
                screens += lines.readLine().startsWith("\fpeer id     ") ? 1 : 0;
            }
            String line = lines.readLine();
            while (!line.startsWith("/x/a ")) {
                line = lines.readLine();
            }
            assertTrue(line.endsWith(" 0 B, 0 B/s 0 B, 0 B/s"), line);
        }
    }

    @Test
    void endOfTheDaemonEndsTheWatch() throws Exception {
        TestDaemon daemon = new TestDaemon(temporary.resolve("d"));
        try (ControlResponse status = ask(daemon, "status", "watch"); ControlResponse log = ask(daemon, "log/tail")) {
            assertEquals('\f', status.body().read());
            daemon.close();
            try {
                status.body().readAllBytes();
                log.body().readAllBytes();
            } catch (java.io.IOException cutOff) {
                // that is an end, too
            }
        }
    }

    @Test
    void logIsShownAsItIsWritten() throws Exception {
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d")); ControlResponse response = ask(daemon, "log/tail")) {
            daemon.daemon().logs().module("tunnel").info("one\u001b[2J");
            BufferedReader lines = reader(response);
            String line = lines.readLine();
            while (!line.contains(" tunnel: ")) {
                line = lines.readLine();
            }
            assertTrue(line.matches("[0-9TZ:.-]+ info  tunnel: one\\?\\[2J"), line);
        }
    }

    @Test
    void slowReaderOfTheLogLosesLinesAndIsTold() throws Exception {
        LogReader reader = new LogReader();
        for (int i = 0; i < LogReader.MAXIMUM_LINES + 3; i++) {
            reader.add(new LogLine("", LogLevel.INFO, "m", Integer.toString(i)));
        }
        assertEquals("0", reader.take().text());
        reader.add(new LogLine("", LogLevel.INFO, "m", "next"));
        for (int i = 1; i < LogReader.MAXIMUM_LINES; i++) {
            assertEquals(Integer.toString(i), reader.take().text());
        }
        assertEquals("next (lines left out before this one: 3)", reader.take().text());
    }

    @Test
    void screensBeginWithAnEmptyLineUnlessTheyAreOnATerminal() throws Exception {
        assertEquals("\none\n\ntwo\n", screens(false));
        String clear = "\033[H\033[2J\033[3J";
        assertEquals(clear + "one\n" + clear + "two\n", screens(true));
    }

    private static String screens(boolean isTerminal) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ScreenStream screen = new ScreenStream(out, isTerminal)) {
            screen.write("\fone\n\ft".getBytes(StandardCharsets.US_ASCII));
            screen.write("wo\n".getBytes(StandardCharsets.US_ASCII));
        }
        return out.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void ratesAreBetweenTwoLooks() throws Exception {
        AtomicLong clock = new AtomicLong();
        Rates rates = new Rates(clock::get);
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"))) {
            daemon.run("listen", "/x/a", "/unix/a");
            List<Tunnel> tunnels = daemon.daemon().tunnels().list();
            Tunnel tunnel = tunnels.getFirst();
            rates.look(tunnels);
            assertEquals(0, rates.received(tunnel));
            tunnel.counters().received.add(3000);
            tunnel.counters().sent.add(10);
            clock.set(2_000_000_000);
            rates.look(tunnels);
            assertEquals(1500, rates.received(tunnel));
            assertEquals(5, rates.sent(tunnel));
            rates.look(List.of());
            assertEquals(0, rates.sent(tunnel));
        }
    }

    private static ControlResponse ask(TestDaemon daemon, String path, String... flags) throws Exception {
        List<Map.Entry<String, String>> query = new java.util.ArrayList<>(List.of(Map.entry("encoding", "text")));
        for (String flag : flags) {
            query.add(Map.entry(flag, "true"));
        }
        return new ControlClient(daemon.directory().resolve("api.sock")).request("/api/v0/" + path, query);
    }

    private static BufferedReader reader(ControlResponse response) {
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }
}
