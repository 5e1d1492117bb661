package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MetricsTest {
    /** A sample's line: name, labels, value. */
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)(\\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*})? [0-9.]+(E[0-9]+)?");

    @TempDir
    Path temporary;

    @Test
    void namesAreThoseOfTheDocument() throws Exception {
        Set<String> documented = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| `([a-z_]+)`").matcher(Files.readString(Path.of("../docs/metrics.md")));
        while (row.find()) {
            documented.add(row.group(1));
        }
        Set<String> told = new TreeSet<>();
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"), Map.of("Swarm.RelayService.Enabled", true))) {
            daemon.run("listen", "/x/a", "/ip4/127.0.0.1/tcp/1");
            daemon.run("forward", "/x/b", "/unix" + temporary + "/b.sock", "12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo");
            List<String> lines = daemon.run("metrics").out().lines().toList();
            assertEquals("# EOF", lines.getLast());
            for (String line : lines) {
                Matcher sample = SAMPLE.matcher(line);
                assertTrue(line.startsWith("# ") || sample.matches(), line);
                if (!line.startsWith("# ")) {
                    told.add(sample.group(1));
                }
            }
            assertTrue(lines.contains("adit_tunnels{kind=\"listener\",state=\"open\"} 1"), lines.toString());
            assertTrue(lines.contains("adit_tunnel_sent_bytes_total{kind=\"forwarder\",protocol=\"/x/b\",address=\"/unix" + temporary
                    + "/b.sock\"} 0"), lines.toString());
            assertTrue(daemon.run("metrics", "--enc=json").out().startsWith("{\"Metrics\":[{\"Name\":\"adit_build\",\"Type\":\"info\","));
        }
        assertFalse(documented.isEmpty());
        assertEquals(documented, told);
    }

    @Test
    void monitorMayGetThem() throws Exception {
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"));
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(daemon.directory().resolve("api.sock")))) {
            channel.write(ByteBuffer.wrap("GET /metrics HTTP/1.1\r\nHost: adit\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
            assertTrue(answer.contains("Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"), answer);
            assertTrue(answer.endsWith("# EOF\n"), answer);
        }
    }

    @Test
    void valuesOfLabelsAreEscaped() {
        Metrics metrics = new Metrics();
        metrics.add("a", Metrics.Kind.COUNTER, "A.", List.of(new Metrics.Sample(Map.of("l", "q\"b\\n\n"), 1)));
        metrics.add("none", Metrics.Kind.GAUGE, "None.", List.of());
        assertEquals("# TYPE a counter\n# HELP a A.\na_total{l=\"q\\\"b\\\\n\\n\"} 1\n# EOF\n", metrics.text());
    }
}
