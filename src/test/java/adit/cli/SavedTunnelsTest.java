package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class SavedTunnelsTest {
    private static final String PEER = "12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo";

    @TempDir
    Path temporary;

    @Test
    void savedTunnelsComeUpAtTheNextStartAsTheyWere() throws Exception {
        Path directory = temporary.resolve("d");
        String before;
        try (TestDaemon daemon = new TestDaemon(directory)) {
            succeeds(daemon, "listen", "--save", "--allow", PEER, "--max-streams", "20", "--rate", "500k", "-r", "/x/ssh", "/dns4/localhost/tcp/22");
            succeeds(daemon, "listen", "--save", "--allow-custom-protocol", "/custom", "/unix/run/service.sock");
            succeeds(daemon, "listen", "/x/passing", "/ip4/127.0.0.1/tcp/23");
            succeeds(daemon, "forward", "--save", "--rate", "2M", "/x/web", "/unix" + temporary + "/web.sock", "/ip4/192.0.2.7/tcp/4001/p2p/" + PEER);
            before = listing(daemon);
        }
        try (TestDaemon daemon = new TestDaemon(directory)) {
            String id = "/p2p/" + daemon.id();
            assertEquals("/x/web  /unix" + temporary + "/web.sock /p2p/" + PEER + "\n/x/ssh  " + id + " /dns4/localhost/tcp/22\n"
                    + "/custom " + id + " /unix/run/service.sock\n", unspaced(daemon.run("ls").out()));
            String json = listing(daemon);
            assertTrue(before.contains("/x/passing") && !json.contains("/x/passing"), json);
            assertTrue(json.contains("\"ReportPeerID\":true,\"AnyPeer\":false,\"Allowed\":[\"" + PEER + "\"],\"MaxStreams\":20,\"Rate\":500000,\"Saved\":true,\"State\":\"open\""), json);
            assertTrue(json.contains("\"MaxStreams\":0,\"Rate\":2000000,"), json);
            assertEquals("[/ip4/192.0.2.7/tcp/4001]", daemon.daemon().swarm().addressBook().addresses(
                    adit.identity.PeerId.parse(PEER)).toString());
        }
    }

    @Test
    void closingRemovesFromTheConfigAndSaysSo() throws Exception {
        Path directory = temporary.resolve("d");
        try (TestDaemon daemon = new TestDaemon(directory)) {
            succeeds(daemon, "listen", "--save", "/x/kept", "/ip4/127.0.0.1/tcp/22");
            succeeds(daemon, "listen", "--save", "/x/gone", "/ip4/127.0.0.1/tcp/23");
            succeeds(daemon, "listen", "/x/passing", "/ip4/127.0.0.1/tcp/23");
            assertEquals("Closed 2 stream(s)\nRemoved from the config: listener /x/gone\n",
                    daemon.run("close", "-t", "/ip4/127.0.0.1/tcp/23").out());
            assertEquals("0\n", daemon.run("close", "-p", "/x/gone", "--enc=json").out());
        }
        try (TestDaemon daemon = new TestDaemon(directory)) {
            assertEquals(1, daemon.run("ls").out().lines().count());
            assertEquals("Closed 1 stream(s)\nRemoved from the config: listener /x/kept\n", daemon.run("close", "--all").out());
            assertEquals("[]\n", daemon.run("config", "Tunnels.Listeners").out());
        }
    }

    @Test
    void takenPortIsNotFatalButShownAndTriedAgain() throws Exception {
        Path directory = temporary.resolve("d");
        ServerSocket taken = new ServerSocket();
        taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        int port = taken.getLocalPort();
        String address = "/ip4/127.0.0.1/tcp/" + port;
        TestDaemon.initialize(directory);
        assertEquals(0, TestDaemon.run(directory, "config", "--json", "Tunnels.Forwarders", "[{\"Protocol\":\"/x/web\",\"ListenAddress\":\""
                + address + "\",\"TargetAddress\":\"" + PEER + "\"}]").code());
        try (TestDaemon daemon = new TestDaemon(directory)) {
            String reason = "listen tcp4 127.0.0.1:" + port + ": bind: address already in use";
            assertEquals("/x/web " + address + " /p2p/" + PEER + " (not open: " + reason + ")\n", daemon.run("ls").out());
            assertTrue(listing(daemon).contains("\"LastError\":\"" + reason + "\",\"Saved\":true,\"State\":\"waiting\""), listing(daemon));
            String status = daemon.run("status").out();
            assertTrue(status.contains("forwarder /x/web on " + address + " is not open yet, it is tried again: " + reason), status);
            TestDaemon.Result twice = daemon.run("forward", "--save", "/x/other", address, PEER);
            assertEquals("adit: error: wrong value of Tunnels.Forwarders: tunnel 2: forwarder on " + address + " is there twice\n", twice.err());
            taken.close();
            await(() -> daemon.run("ls").out().equals("/x/web " + address + " /p2p/" + PEER + "\n"));
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertTrue(client.isConnected());
            }
        } finally {
            taken.close();
        }
    }

    @Test
    void peerThatIsAwayIsShownWithTheReason() throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"))) {
            succeeds(daemon, "forward", "--save", "/x/web", "/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/tcp/" + nobody + "/p2p/" + PEER);
            await(() -> daemon.run("status").out().contains("the peer of /x/web is away, it is tried again: cannot reach " + PEER
                    + ": /ip4/127.0.0.1/tcp/" + nobody + ": "));
            assertTrue(listing(daemon).contains("\"PeerError\":\"cannot reach " + PEER), listing(daemon));
        }
    }

    @Test
    void waitingForwarderCanBeClosed() throws Exception {
        Path directory = temporary.resolve("d");
        Path blocked = temporary.resolve("no/folder/here.sock");
        TestDaemon.initialize(directory);
        TestDaemon.run(directory, "config", "--json", "Tunnels.Forwarders", "[{\"Protocol\":\"/x/web\",\"ListenAddress\":\"/unix" + blocked
                + "\",\"TargetAddress\":\"" + PEER + "\"}]");
        try (TestDaemon daemon = new TestDaemon(directory)) {
            assertTrue(daemon.run("ls").out().contains("(not open: "), daemon.run("ls").out());
            assertEquals("Closed 1 stream(s)\nRemoved from the config: forwarder /x/web on /unix" + blocked + "\n",
                    daemon.run("close", "-l", "/unix" + blocked).out());
            assertEquals("", daemon.run("ls").out());
        }
    }

    @Test
    void tunnelThatCannotBeWrittenIsNotThereAtAll() throws Exception {
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"))) {
            Path config = daemon.directory().resolve("config.json");
            String before = Files.readString(config);
            Files.delete(config);
            Files.createDirectory(config);
            TestDaemon.Result result = daemon.run("listen", "--save", "/x/ssh", "/ip4/127.0.0.1/tcp/22");
            assertEquals(1, result.code(), result.err());
            assertEquals("", daemon.run("ls").out());
            Files.delete(config);
            Files.writeString(config, before);
            Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
            succeeds(daemon, "listen", "--save", "/x/ssh", "/ip4/127.0.0.1/tcp/22");
            assertEquals(2, daemon.run("listen", "--save", "-f", "/x/b", "/ip4/127.0.0.1/tcp/22").code());
            assertFalse(daemon.run("ls").out().contains("/x/b"));
        }
    }

    @Test
    void applyDoesWhatPlanSaidAndLeavesTheRestAlone() throws Exception {
        String first = "{\"Protocol\": \"/x/a\", \"TargetAddress\": \"/ip4/127.0.0.1/tcp/1\"}";
        String second = "{\"Protocol\": \"/x/b\", \"TargetAddress\": \"/ip4/127.0.0.1/tcp/2\"}";
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"))) {
            succeeds(daemon, "listen", "/x/passing", "/ip4/127.0.0.1/tcp/9");
            assertEquals("open listener /x/a to /ip4/127.0.0.1/tcp/1\nopen listener /x/b to /ip4/127.0.0.1/tcp/2\n",
                    apply(daemon, "apply", listeners(first, second)).out());
            String opened = listing(daemon).replaceAll("(?s).*(\"Protocol\":\"/x/a\".*?\"Opened\":\"[^\"]*\").*", "$1");
            String wanted = listeners(first, second.replace("tcp/2", "tcp/3").replace("}", ", \"Allow\": [\"" + PEER + "\"]}"));
            String plan = "change listener /x/b: TargetAddress /ip4/127.0.0.1/tcp/2 becomes /ip4/127.0.0.1/tcp/3, Allow none becomes [\"" + PEER
                    + "\"]\n1 tunnel is left alone\n";
            assertEquals(plan, apply(daemon, "plan", wanted).out());
            assertTrue(daemon.run("ls").out().contains("/ip4/127.0.0.1/tcp/2\n"));
            assertEquals(plan, apply(daemon, "apply", wanted).out());
            assertTrue(listing(daemon).contains(opened), "the unchanged tunnel is another one now: " + listing(daemon));
            assertEquals(3, daemon.run("ls").out().lines().count());
            assertEquals("nothing to change: 2 tunnels are as wanted\n", apply(daemon, "plan", daemon.run("export").out()).out());
            assertEquals("close listener /x/a to /ip4/127.0.0.1/tcp/1\nclose listener /x/b to /ip4/127.0.0.1/tcp/3\n",
                    apply(daemon, "apply", listeners()).out());
            assertEquals(1, daemon.run("ls").out().lines().count());
        }
    }

    @Test
    void wrongFileChangesNothing() throws Exception {
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"))) {
            succeeds(daemon, "listen", "--save", "/x/a", "/ip4/127.0.0.1/tcp/1");
            String config = Files.readString(daemon.directory().resolve("config.json"));
            String before = listing(daemon);
            for (String file : List.of("", "[]", "{}", "{\"Tunnels\":{}", "{\"Bootstrap\":[],\"Tunnels\":{}}", listeners("{\"Protocol\":\"/x/b\"}"),
                    "{\"Tunnels\":{\"Others\":[]}}")) {
                TestDaemon.Result result = apply(daemon, "apply", file);
                assertEquals(1, result.code(), file);
                assertTrue(result.err().startsWith("adit: error: nothing is changed, the file is wrong: "), result.err());
            }
            assertEquals(1, apply(daemon, "apply", " ".repeat(ConfigFile.MAXIMUM_BYTES + 1)).code());
            assertEquals(1, daemon.run("apply", temporary.resolve("missing").toString()).code());
            assertEquals(config, Files.readString(daemon.directory().resolve("config.json")));
            assertEquals(before, listing(daemon));
        }
    }

    @Test
    void withoutADaemonTheFileIsPlannedAndChanged() throws Exception {
        Path directory = temporary.resolve("d");
        TestDaemon.initialize(directory);
        Path file = Files.writeString(temporary.resolve("tunnels.json"), listeners("{\"Protocol\":\"/x/a\",\"TargetAddress\":\"/unix/a\"}"));
        for (String command : List.of("plan", "apply")) {
            assertEquals("open listener /x/a to /unix/a\n", TestDaemon.run(directory, command, file.toString()).out());
        }
        try (TestDaemon daemon = new TestDaemon(directory)) {
            assertEquals("/x/a /p2p/" + daemon.id() + " /unix/a\n", daemon.run("ls").out());
        }
    }

    @Test
    void reloadUsesTheTunnelsAndNamesWhatWaitsForTheNextStart() throws Exception {
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"))) {
            assertEquals("nothing to change: 0 tunnels are as wanted\n", daemon.run("config", "reload").out());
            assertEquals("adit: the daemon uses it after \"adit config reload\"\n", daemon.run("config", "--json", "Tunnels",
                    listeners("{\"Protocol\":\"/x/a\",\"TargetAddress\":\"/unix/a\"}").replaceAll("^.\"Tunnels\":|.$", "")).err());
            succeeds(daemon, "config", "--json", "Swarm.ConnMgr.HighWater", "10");
            assertEquals("open listener /x/a to /unix/a\nfrom the next start on: Swarm.ConnMgr.HighWater\n", daemon.run("config", "reload").out());
            Files.writeString(daemon.directory().resolve("config.json"), "{\"Tunnels\":{}, \"Wrong\":1}");
            assertEquals(1, daemon.run("config", "reload").code());
            daemon.daemon().reload();
            assertTrue(daemon.log().contains("config not used, nothing is changed: "), daemon.log());
            assertEquals(1, daemon.run("ls").out().lines().count());
        }
    }

    private static String listeners(String... entries) {
        return "{\"Tunnels\":{\"Listeners\":[" + String.join(",", entries) + "]}}";
    }

    private static TestDaemon.Result apply(TestDaemon daemon, String command, String file) {
        return TestDaemon.run(daemon.directory(), new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)), command, "-");
    }

    private static void succeeds(TestDaemon daemon, String... words) {
        TestDaemon.Result result = daemon.run(words);
        assertEquals(0, result.code(), result.err());
    }

    private static String listing(TestDaemon daemon) {
        return daemon.run("ls", "--enc=json").out();
    }

    private static String unspaced(String table) {
        return table.replaceAll(" +(?=/)", " ").replaceFirst("/x/web ", "/x/web  ").replaceFirst("/x/ssh ", "/x/ssh  ");
    }

    /** Waits for what nobody signals. */
    private static void await(BooleanSupplier condition) throws InterruptedException {
        Object monitor = new Object();
        synchronized (monitor) {
            while (!condition.getAsBoolean()) {
                monitor.wait(20);
            }
        }
    }
}
