package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DaemonTest {
    @TempDir
    Path temporary;

    @Test
    void filesAreItsUsersAlone() throws Exception {
        Path directory = temporary.resolve("d");
        try (TestDaemon daemon = new TestDaemon(directory)) {
            assertEquals("rwx------", mode(directory));
            for (String name : List.of("identity.key", "config.json", "api.sock", "api", "daemon.lock")) {
                assertEquals("rw-------", mode(directory.resolve(name)), name);
            }
            assertEquals("/unix" + directory + "/api.sock", Files.readString(directory.resolve("api")));
            assertEquals("Daemon is ready", daemon.notices().getLast());
        }
        assertFalse(Files.exists(directory.resolve("api")));
        assertFalse(Files.exists(directory.resolve("api.sock")));
    }

    @Test
    void whatAKilledProcessLeftBesideItsFilesIsRemoved() throws Exception {
        Path directory = temporary.resolve("d");
        TestDaemon.initialize(directory);
        for (String name : List.of(".config.json1.new", ".identity2.new", "api3.new", "mine.new", ".mine")) {
            Files.writeString(directory.resolve(name), "{");
        }
        new TestDaemon(directory).close();
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(".mine", "config.json", "daemon.lock", "identity.key", "mine.new"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void missingKeyAndConfigAreCreatedAndTold() throws Exception {
        Path directory = temporary.resolve("new");
        List<String> notices = new ArrayList<>();
        DaemonDirectory files = new DaemonDirectory(directory);
        files.create();
        files.config(files.identity(notices::add).peerId(), notices::add);
        assertEquals(List.of("created a new identity in " + directory + "/identity.key",
                "created the config " + directory + "/config.json"), notices);
        assertFalse(Files.readString(directory.resolve("config.json")).contains("PrivKey"));
    }

    @Test
    void secondDaemonSaysSoAndNamesTheFirst() throws Exception {
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"))) {
            TestDaemon.Result second = daemon.run("init");
            assertEquals(1, second.code());
            long pid = ProcessHandle.current().pid();
            assertEquals("adit: error: a daemon is already running in " + daemon.directory() + " (pid " + pid + ")\n"
                    + "adit: hint: \"adit status\" shows it, \"adit shutdown\" ends it; for one more choose another ADIT_PATH\n",
                    second.err());
            assertThrows(IOException.class, () -> start(daemon.directory()));
            assertEquals(0, daemon.run("ls").code());
        }
    }

    @Test
    void takenPortIsToldWithTheCommandThatChoosesAnother() throws Exception {
        Path directory = temporary.resolve("d");
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = taken.getLocalPort();
            TestDaemon.initialize(directory);
            String addresses = "[\"/ip4/127.0.0.1/tcp/" + port + "\"]";
            assertEquals(0, TestDaemon.run(directory, "config", "--json", "Addresses.Swarm", addresses).code());
            CommandException failure = assertThrows(CommandException.class, () -> start(directory));
            assertTrue(failure.getMessage().startsWith("cannot listen on /ip4/127.0.0.1/tcp/" + port + ": "), failure.getMessage());
            assertEquals("choose another port: adit config --json Addresses.Swarm '[\"/ip4/127.0.0.1/tcp/" + (port % 65535 + 1) + "\"]'",
                    failure.hint());
        }
        // nothing was left open: the same directory starts now
        new TestDaemon(directory).close();
    }

    @Test
    void othersAreToldTheAddressesThatTheConfigSays() throws Exception {
        Path directory = temporary.resolve("d");
        TestDaemon.initialize(directory);
        TestDaemon.run(directory, "config", "--json", "Addresses.AppendAnnounce", "[\"/dns4/example.org/tcp/4001\",\"/ip4/10.0.0.1/tcp/4001\"]");
        TestDaemon.run(directory, "config", "--json", "Addresses.NoAnnounce", "[\"/ip4/127.0.0.0/ipcidr/8\"]");
        try (TestDaemon teller = new TestDaemon(directory); TestDaemon other = new TestDaemon(temporary.resolve("other"))) {
            assertEquals("/dns4/example.org/tcp/4001\n/ip4/10.0.0.1/tcp/4001\n", teller.run("swarm", "addrs", "local").out());
            String id = "/p2p/" + teller.id();
            List<String> heard = other.run("id", teller.address(), "-f", "<addrs>").out().lines().sorted().toList();
            assertEquals(List.of("/dns4/example.org/tcp/4001" + id, "/ip4/10.0.0.1/tcp/4001" + id), heard);
        }
    }

    @Test
    void keyOpenToOthersIsRefused() throws Exception {
        Path directory = temporary.resolve("d");
        TestDaemon.initialize(directory);
        Files.setPosixFilePermissions(directory.resolve("identity.key"), PosixFilePermissions.fromString("rw-r-----"));
        IOException failure = assertThrows(IOException.class, () -> start(directory));
        assertTrue(failure.getMessage().contains("chmod 600 " + directory + "/identity.key"), failure.getMessage());
    }

    @Test
    void directoryOpenToOthersIsRefused() throws Exception {
        Path directory = temporary.resolve("d");
        TestDaemon.initialize(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        CommandException failure = assertThrows(CommandException.class, () -> start(directory));
        assertEquals("chmod 700 " + directory, failure.hint());
    }

    @Test
    void pathTooLongForASocketIsTold() throws Exception {
        Path directory = temporary.resolve("d".repeat(120));
        TestDaemon.initialize(directory);
        IOException failure = assertThrows(IOException.class, () -> start(directory));
        assertTrue(failure.getMessage().contains("set ADIT_PATH to a shorter one"), failure.getMessage());
    }

    @Test
    void configOfAnotherIdentityIsRefused() throws Exception {
        Path directory = temporary.resolve("d");
        TestDaemon.initialize(directory);
        Files.delete(directory.resolve("identity.key"));
        CommandException missing = assertThrows(CommandException.class, () -> start(directory));
        assertTrue(missing.getMessage().contains("identity.key is missing"), missing.getMessage());
        TestDaemon.initialize(temporary.resolve("other"));
        Files.copy(temporary.resolve("other/identity.key"), directory.resolve("identity.key"));
        Files.setPosixFilePermissions(directory.resolve("identity.key"), PosixFilePermissions.fromString("rw-------"));
        CommandException mismatch = assertThrows(CommandException.class, () -> start(directory));
        assertTrue(mismatch.hint().startsWith("adit config Identity.PeerID 12D3KooW"), mismatch.hint());
    }

    @Test
    void shutdownAnswersThenEnds() throws Exception {
        try (TestDaemon daemon = new TestDaemon(temporary.resolve("d"))) {
            assertEquals(new TestDaemon.Result("", "", 0), daemon.run("shutdown"));
            daemon.daemon().awaitStop();
        }
    }

    @Test
    void securityOfTheConfigIsUsed() throws Exception {
        Path noise = temporary.resolve("noise");
        TestDaemon.initialize(noise);
        assertEquals(0, TestDaemon.run(noise, "config", "--json", "Swarm.Transports.Security", "{\"TLS\": false}").code());
        Daemon forced = new Daemon(new DaemonDirectory(noise), new DaemonLog(LogLevel.INFO, System.err, false));
        try (forced; TestDaemon other = new TestDaemon(temporary.resolve("other"))) {
            forced.start(line -> {});
            assertEquals(0, TestDaemon.run(noise, "swarm", "connect", other.address()).code());
            assertTrue(TestDaemon.run(noise, "swarm", "peers", "--enc=json").out().contains("\"Security\":\"/noise\""));
        }
    }

    private void start(Path directory) throws IOException {
        try (Daemon daemon = new Daemon(new DaemonDirectory(directory), new DaemonLog(LogLevel.INFO, System.err, false))) {
            daemon.start(line -> {});
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
