package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.transport.Log;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DaemonLogTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private DaemonLog log(boolean isJson) {
        return new DaemonLog(LogLevel.INFO, new PrintStream(out, true, StandardCharsets.UTF_8), isJson);
    }

    @Test void jsonIsOneObjectALineWhateverPeersSay() throws Exception {
        Log log = log(true).module("tunnel");
        log.warn("peer %s says \"%s\"", "P", "a\nb\\c\u2028");
        log.info("two");
        String[] lines = out.toString(StandardCharsets.UTF_8).split("\n", -1);
        assertEquals(3, lines.length, "two lines and the end of the second");
        Map<?, ?> first = (Map<?, ?>) JsonText.parse(lines[0]);
        assertEquals("warn", first.get("Level"));
        assertEquals("tunnel", first.get("Module"));
        assertEquals("peer P says \"a?b\\c?\"", first.get("Message"));
        assertTrue(first.get("Time").toString().endsWith("Z"));
        assertEquals("two", ((Map<?, ?>) JsonText.parse(lines[1])).get("Message"));
    }

    @Test void eachModuleHasItsLevel() {
        DaemonLog logs = log(false);
        Log tunnel = logs.module("tunnel");
        Log swarm = logs.module("swarm");
        assertTrue(logs.setLevel("tunnel", LogLevel.DEBUG));
        tunnel.debug("seen");
        swarm.debug("not seen");
        assertTrue(out.toString(StandardCharsets.UTF_8).endsWith(" debug tunnel: seen\n"), out.toString(StandardCharsets.UTF_8));
    }
}
