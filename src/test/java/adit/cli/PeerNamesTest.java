package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class PeerNamesTest {
    private static final String PEER = "12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo";
    private static final String OTHER = "12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5";

    @TempDir
    Path temporary;

    @Test
    void nameStandsForThePeerInEveryCommand() throws Exception {
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("a")); TestDaemon home = new TestDaemon(temporary.resolve("b"))) {
            succeeds(daemon, "swarm", "connect", home.address());
            assertEquals("home is " + home.id() + "\n", succeeds(daemon, "peer", "name", home.id(), "home"));
            assertEquals("connect " + home.id() + " success\n", succeeds(daemon, "swarm", "connect", "home"));
            assertTrue(succeeds(daemon, "ping", "-n", "1", "home").startsWith("PING " + home.id()));
            assertEquals(home.id(), succeeds(daemon, "id", "-f", "<id>", "home"));
            assertTrue(succeeds(daemon, "routing", "findpeer", "home").contains("/tcp/"));
            succeeds(daemon, "swarm", "peering", "add", "/p2p/home");
            succeeds(daemon, "forward", "--save", "/x/a", "/unix" + temporary + "/s", "/p2p/home");
            assertEquals("/x/a /unix" + temporary + "/s /p2p/" + home.id() + " (home)\n", daemon.run("ls").out());
            assertTrue(daemon.run("config", "Tunnels.Forwarders").out().contains("\"/p2p/" + home.id() + "\""), "the config has the id");
            succeeds(daemon, "listen", "--allow", "home@8h," + PEER, "/x/mine", "/ip4/127.0.0.1/tcp/22");
            succeeds(daemon, "peer", "name", PEER, "laptop");
            succeeds(daemon, "revoke", "/x/mine", "laptop");
            succeeds(daemon, "grant", "/x/mine", "laptop");
            assertTrue(daemon.run("grants").out().endsWith("/x/mine " + PEER + " (laptop) for ever\n"), daemon.run("grants").out());
            assertTrue(daemon.run("status").out().contains(home.id() + " (home) "), daemon.run("status").out());
            assertEquals("disconnect " + home.id() + " success\n", succeeds(daemon, "swarm", "disconnect", "home"));
            assertEquals("", home.run("peer", "ls").out(), "nobody else hears of it");
        }
    }

    @Test
    void namesOutliveTheDaemonInAPrivateFile() throws Exception {
        Path directory = temporary.resolve("d");
        try (TestDaemon daemon = new TestDaemon(directory)) {
            succeeds(daemon, "peer", "name", PEER, "old");
            succeeds(daemon, "peer", "name", "old", "laptop");
            succeeds(daemon, "peer", "name", OTHER, "pi.home-1_a");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("names.json"))));
        }
        try (TestDaemon daemon = new TestDaemon(directory)) {
            assertEquals("laptop      " + PEER + "\npi.home-1_a " + OTHER + "\n", daemon.run("peer", "ls").out());
            assertEquals("laptop no longer is " + PEER + "\n", succeeds(daemon, "peer", "rm", "laptop"));
            assertEquals("adit: error: no peer is named \"laptop\"\nadit: hint: adit peer ls\n", daemon.run("peer", "rm", "laptop").err());
        }
    }

    @Test
    void whatCannotBeANameIsRefused() throws Exception {
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"))) {
            for (String name : new String[] {"", "-x", "a/b", "a b", "a,b", "a@b", "ä", "a\n", OTHER, "a".repeat(64)}) {
                TestDaemon.Result result = daemon.run("peer", "name", "--", PEER, name);
                assertEquals(1, result.code(), name);
                assertTrue(result.err().contains("cannot be a peer's name: 1 to 63 letters"), result.err());
            }
            succeeds(daemon, "peer", "name", PEER, "a".repeat(63));
            assertEquals("adit: error: " + "a".repeat(63) + " is the name of " + PEER + "\nadit: hint: adit peer rm " + "a".repeat(63) + "\n",
                    daemon.run("peer", "name", OTHER, "a".repeat(63)).err());
        }
    }

    @Test
    void numberOfNamesIsLimited() throws Exception {
        Path directory = temporary.resolve("d");
        Map<String, PeerId> many = new TreeMap<>();
        for (int i = 0; i < PeerNames.MAXIMUM; i++) {
            many.put("n" + i, PrivateKey.generate().peerId());
        }
        TestDaemon.initialize(directory);
        Files.writeString(directory.resolve("names.json"), Json.object().with("Names", many).toString());
        try (TestDaemon daemon = new TestDaemon(directory)) {
            assertEquals(PeerNames.MAXIMUM, daemon.run("peer", "ls").out().lines().count());
            assertTrue(daemon.run("peer", "name", PEER, "more").err().contains("at most 1000 peers can have names"));
            succeeds(daemon, "peer", "name", "n1", "renamed");
        }
    }

    @Test
    void brokenFileIsToldAndKept() throws Exception {
        Path directory = temporary.resolve("d");
        TestDaemon.initialize(directory);
        for (String text : new String[] {"{\"Names\":{\"x\":", "{}", "{\"Names\":{\"x\":\"y\"}}", "{\"Names\":{\"a b\":\"" + PEER + "\"}}",
            " ".repeat(300_000)}) {
            Files.writeString(directory.resolve("names.json"), text);
            try (TestDaemon daemon = new TestDaemon(directory)) {
                assertTrue(daemon.log().contains("names.json is ignored: "), daemon.log());
                assertNotEquals(0, daemon.run("peer", "name", PEER, "laptop").code());
                assertEquals(text, Files.readString(directory.resolve("names.json")));
            }
        }
    }

    private static String succeeds(TestDaemon daemon, String... words) {
        TestDaemon.Result result = daemon.run(words);
        assertEquals(0, result.code(), result.err());
        return result.out();
    }
}
