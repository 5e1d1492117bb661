package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
            succeeds(daemon, "listen", "--save", "--allow", PEER, "-r", "/x/ssh", "/dns4/localhost/tcp/22");
            succeeds(daemon, "listen", "--save", "--allow-custom-protocol", "/custom", "/unix/run/service.sock");
            succeeds(daemon, "listen", "/x/passing", "/ip4/127.0.0.1/tcp/23");
            succeeds(daemon, "forward", "--save", "/x/web", "/unix" + temporary + "/web.sock", "/ip4/192.0.2.7/tcp/4001/p2p/" + PEER);
            before = listing(daemon);
        }
        try (TestDaemon daemon = new TestDaemon(directory)) {
            String id = "/p2p/" + daemon.id();
            assertEquals("/x/web  /unix" + temporary + "/web.sock /p2p/" + PEER + "\n/x/ssh  " + id + " /dns4/localhost/tcp/22\n"
                    + "/custom " + id + " /unix/run/service.sock\n", unspaced(daemon.run("ls").out()));
            String json = listing(daemon);
            assertTrue(before.contains("/x/passing") && !json.contains("/x/passing"), json);
            assertTrue(json.contains("\"ReportPeerID\":true,\"Allowed\":[\"" + PEER + "\"],\"Saved\":true,\"State\":\"open\""), json);
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
            assertEquals("adit: error: wrong value of Tunnels.Forwarders: tunnel 2: " + address + " is there twice\n", twice.err());
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
