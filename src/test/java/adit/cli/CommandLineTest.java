package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CommandLineTest {
    @Test
    void everyCommandIsFoundByItsNameAndItsPath() {
        Set<String> paths = new HashSet<>();
        for (String name : Commands.NAMES) {
            Command command = Commands.create(name);
            assertNotNull(command, name);
            assertEquals(name, command.syntax().name());
            String path = command.syntax().path();
            if (!path.isEmpty()) {
                assertTrue(paths.add(path), path);
                assertSame(command.getClass(), Commands.ofPath(path).getClass());
            }
        }
        assertNull(Commands.ofPath(""));
        assertNull(Commands.ofPath("daemon"));
        assertNull(Commands.ofPath("p2p"));
    }

    @Test
    void everyCommandIsExplainedWithAnExample() {
        for (String name : Commands.NAMES) {
            Syntax syntax = Commands.create(name).syntax();
            assertTrue(syntax.details().contains("Example: adit " + name.split(" ")[0]) || name.equals("nc"), name);
            assertTrue(HelpCommand.explain(syntax).startsWith("usage: adit " + name), name);
            Set<String> names = new HashSet<>();
            for (Option option : syntax.options()) {
                option.names().forEach(each -> assertTrue(names.add(each), name + " has two options " + each));
            }
        }
    }

    @Test
    void prefixOfTunnelCommandsMayBeLeftOut() {
        assertEquals("stream close", name("p2p", "stream", "close", "3"));
        assertEquals("stream close", name("stream", "close", "3"));
        assertEquals("swarm addrs local", name("swarm", "addrs", "local"));
        assertEquals("config", name("config", "Addresses"));
        assertEquals("help", name());
        assertEquals("help", name("p2p"));
        assertEquals("help", name("--help"));
        assertThrows(UsageException.class, () -> name("p2p", "swarm", "peers"));
    }

    @Test
    void optionsStandAnywhereAndInEveryForm() {
        for (List<String> words : List.of(List.of("close", "-p", "/x/a", "-l=/unix/b"), List.of("-p/x/a", "close", "-l", "/unix/b"),
                List.of("--protocol=/x/a", "p2p", "close", "--listen-address", "/unix/b"))) {
            Invocation invocation = CommandLine.parse(words.toArray(String[]::new));
            assertEquals(Map.of("protocol", "/x/a", "listen-address", "/unix/b"), invocation.options());
        }
        Invocation together = CommandLine.parse("listen", "-rf", "/x/a", "--", "-target");
        assertTrue(together.flag("report-peer-id") && together.flag("foreground"));
        assertEquals(List.of("/x/a", "-target"), together.arguments());
        assertFalse(CommandLine.parse("ls", "--headers=false").flag("headers"));
        assertEquals("ls", name("--enc", "json", "ls"));
    }

    @Test
    void wrongWordsAreRefused() {
        for (List<String> words : List.of(List.of("nothing"), List.of("ls", "x"), List.of("close", "-p"),
                List.of("close", "-p", "a", "-p", "b"),
                List.of("ls", "-vz"), List.of("ls", "--", "x"), List.of("ls", "--timeout", "-1s"), List.of("stream", "x"))) {
            assertThrows(UsageException.class, () -> CommandLine.parse(words.toArray(String[]::new)), words.toString());
        }
    }

    @Test
    void durationsAreGos() {
        assertEquals(Duration.ofMillis(90_500), GoDuration.parse("1m30.5s"));
        assertEquals(Duration.ofMillis(300), GoDuration.parse("300ms"));
        for (String wrong : List.of("", "1", "s", "-1s", "1x", "0s", "1..2s", "99999999h", "1e5s")) {
            assertThrows(UsageException.class, () -> GoDuration.parse(wrong), wrong);
        }
        assertEquals("1.23ms", GoDuration.text(Duration.ofNanos(1_234_000)));
        assertEquals("2.00s", GoDuration.text(Duration.ofSeconds(2)));
    }

    @Test
    void errorsOfTheDaemonAreRead() {
        Json error = Json.object().with("Message", "a \"b\"\n\u0001 ü \\").with("Code", 0).with("Type", "error").with("Hint", "do");
        ErrorAnswer answer = ErrorAnswer.parse(500, error.toString().getBytes(StandardCharsets.UTF_8));
        assertEquals(new ErrorAnswer("a \"b\"\n\u0001 ü \\", "do"), answer);
        assertEquals("only text", ErrorAnswer.parse(403, "only text\n".getBytes(StandardCharsets.UTF_8)).message());
        assertEquals("the daemon answered HTTP 500", ErrorAnswer.parse(500, new byte[0]).message());
    }

    @Test
    void logLinesCannotBeForged() {
        assertEquals("a?b?c?d", DaemonLog.oneLine("a\nb\u001bc\u2028d"));
    }

    @Timeout(600)
    @FuzzTest(maxDuration = "60s")
    void anyWordsAreACommandOrRefused(byte[] text) {
        try {
            assertNotNull(CommandLine.parse(new String(text, StandardCharsets.UTF_8).split(" ")).command());
        } catch (UsageException refused) {
            assertNotNull(refused.getMessage());
        }
        ErrorAnswer.parse(500, text);
    }

    private static String name(String... words) {
        return CommandLine.parse(words).command().syntax().name();
    }

    @Test
    void numbersMayHaveUnits() {
        assertEquals(0, ListenCommand.number("rate", null, 100));
        assertEquals(20, ListenCommand.number("rate", "20", 100));
        assertEquals(500_000, ListenCommand.number("rate", "500k", 1_000_000));
        assertEquals(2_000_000_000, ListenCommand.number("rate", "2G", 1_000_000_000_000L));
        for (String wrong : new String[] {"", "0", "k", "-1", "1.5M", "101", "1k", "1m", "99999999999999"}) {
            assertThrows(UsageException.class, () -> ListenCommand.number("rate", wrong, 100), wrong);
        }
    }
}
