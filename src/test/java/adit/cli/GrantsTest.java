package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.MalformedException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Grants on the command line, in the config and across restarts. */
@Timeout(90)
class GrantsTest {
    private static final String PEER = "12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo";
    private static final String OTHER = "12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5";
    private static final String TARGET = "/ip4/127.0.0.1/tcp/22";
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    Path temporary;

    @Test
    void grantsOfASavedListenerOutliveTheDaemon() throws Exception {
        Path directory = temporary.resolve("d");
        try (TestDaemon daemon = new TestDaemon(directory)) {
            succeeds(daemon, "listen", "--save", "--allow", PEER, "/x/saved", TARGET);
            succeeds(daemon, "listen", "--allow", PEER, "/x/passing", TARGET);
            assertEquals(OTHER + " may use /x/saved until 2999-12-31T18:00:00Z\n",
                    succeeds(daemon, "grant", "--for", "2999-12-31T18:00:00Z", "/x/saved", OTHER));
            succeeds(daemon, "grant", "/x/passing", OTHER);
            assertEquals(PEER + " may not use /x/saved any more, 0 live stream(s) cut\n", succeeds(daemon, "revoke", "/x/saved", PEER));
            assertEquals("/x/saved " + OTHER + " until 2999-12-31T18:00:00Z\n", daemon.run("grants", "/x/saved").out());
            assertEquals(2, daemon.run("grants", "/x/passing").out().lines().count());
            assertEquals("nothing to change: 1 tunnel is as wanted\n", daemon.run("config", "reload").out());
        }
        try (TestDaemon daemon = new TestDaemon(directory)) {
            assertEquals("/x/saved " + OTHER + " until 2999-12-31T18:00:00Z\n", daemon.run("grants").out());
            succeeds(daemon, "revoke", "/x/saved", OTHER);
        }
        try (TestDaemon daemon = new TestDaemon(directory)) {
            assertEquals("", daemon.run("grants").out(), "nobody is not anybody");
            assertTrue(daemon.run("grants", "--enc=json").out().contains("\"AnyPeer\":false,\"Grants\":[]"));
            assertFalse(daemon.run("status").out().contains("any peer may use"), daemon.run("status").out());
        }
    }

    @Test
    void listenerOpenToAllSaysSoAndTakesNoGrants() throws Exception {
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"))) {
            TestDaemon.Result result = daemon.run("listen", "/x/open", TARGET);
            assertEquals("adit: any peer may use /x/open; to admit some only: --allow PEER,PEER\n", result.err());
            assertTrue(daemon.run("status").out().contains("any peer may use /x/open\n"), daemon.run("status").out());
            assertEquals("/x/open any peer for ever\n", daemon.run("grants").out());
            assertEquals("adit: error: any peer may use /x/open\nadit: hint: to admit some only, make it anew: adit close -p /x/open"
                    + " && adit listen --allow PEER /x/open " + TARGET + "\n", daemon.run("grant", "/x/open", PEER).err());
        }
    }

    @Test
    void whoAskedInVainIsShown() throws Exception {
        try (TestDaemon serving = new TestDaemon(temporary.resolve("a")); TestDaemon using = new TestDaemon(temporary.resolve("b"))) {
            succeeds(serving, "listen", "--allow", PEER, "/x/mine", TARGET);
            succeeds(using, "swarm", "connect", serving.address());
            assertEquals(1, using.run("nc", "/x/mine", serving.id()).code());
            assertTrue(serving.run("status").out().contains("peer " + using.id() + " wants to use /x/mine: refused once, at "),
                    serving.run("status").out());
            assertTrue(serving.run("grants").out().contains("/x/mine " + using.id() + " refused once, at "), serving.run("grants").out());
            assertTrue(serving.log().contains("to let it in: adit grant /x/mine " + using.id()), serving.log());
        }
    }

    @Test
    void reloadChangesGrantsInPlace() throws Exception {
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"))) {
            succeeds(daemon, "listen", "--save", "--allow", PEER, "/x/saved", TARGET);
            Object before = daemon.daemon().tunnels().list().getFirst();
            Map<String, Object> entry = Map.of("Protocol", "/x/saved", "TargetAddress", TARGET, "Allow", List.of(OTHER));
            ConfigFile file = daemon.daemon().directory().configFile();
            file.write(file.read().with("Tunnels.Listeners", List.of(entry)));
            assertTrue(daemon.run("config", "reload").out().startsWith("change listener /x/saved: Allow [\"" + PEER + "\"] becomes"));
            assertEquals(before, daemon.daemon().tunnels().list().getFirst());
            assertEquals("/x/saved " + OTHER + " for ever\n", daemon.run("grants").out());
        }
    }

    @Test
    void whatCannotBeGrantedIsRefusedWithTheReason() throws Exception {
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"))) {
            succeeds(daemon, "listen", "--allow", PEER, "/x/a", TARGET);
            assertEquals("adit: error: there is no listener /x/b\nadit: hint: see what there is: adit ls\n",
                    daemon.run("grant", "/x/b", PEER).err());
            assertEquals("adit: error: " + OTHER + " has no grant for /x/a\n", daemon.run("revoke", "/x/a", OTHER).err());
            assertEquals("adit: error: \"2020-01-01\" is over already\n", daemon.run("grant", "--for", "2020-01-01", "/x/a", OTHER).err());
            assertTrue(daemon.run("listen", "--allow", PEER + "@soon", "/x/c", TARGET).err()
                    .contains("\"soon\" is neither a duration nor a date\nadit: hint: write it like 30m, 8h, 2026-12-31"));
            assertEquals("/x/a " + PEER + " for ever\n", daemon.run("grants").out());
        }
    }

    @Test
    void endsAreDurationsDaysOrMoments() throws Exception {
        assertEquals(Instant.parse("2026-06-01T20:00:00Z"), GrantText.end("8h", NOON));
        assertEquals(LocalDate.parse("2027-01-01").atStartOfDay(ZoneId.systemDefault()).toInstant(), GrantText.end("2026-12-31", NOON));
        assertEquals(Instant.parse("2026-12-31T17:00:00Z"), GrantText.end("2026-12-31T18:00:00+01:00", NOON));
        assertThrows(CommandException.class, () -> GrantText.end("2026-02-30", NOON));
        assertThrows(CommandException.class, () -> GrantText.end("", NOON));
        assertEquals(PEER + "@2020-01-01T00:00:00Z", GrantText.saved(PEER + "@2020-01-01T00:00:00Z").toString(), "it may have ended since");
        assertThrows(MalformedException.class, () -> GrantText.saved(PEER + "@8h"));
    }

    private static String succeeds(TestDaemon daemon, String... words) {
        TestDaemon.Result result = daemon.run(words);
        assertEquals(0, result.code(), result.err());
        return result.out();
    }
}
