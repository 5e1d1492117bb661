package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kubo's own command line, given our control socket, does what ours does. */
@Timeout(180)
class KuboCommandLineTest {
    @TempDir
    Path directory;
    private final Path program = findKubo();

    @Test
    void commandsOfKuboWork() throws Exception {
        try (TestDaemon a = new TestDaemon(directory.resolve("a")); TestDaemon b = new TestDaemon(directory.resolve("b"))) {
            assertEquals(b.id() + " adit/0.1.0\n", kubo(b, "id", "-f=<id> <aver>\n"));
            assertEquals(a.address() + "\n", kubo(b, "id", a.address(), "-f=<addrs>\n"));
            assertEquals("connect " + a.id() + " success\n", kubo(b, "swarm", "connect", a.address()));
            assertEquals(a.address() + "\n", kubo(b, "swarm", "peers"));
            assertTrue(kubo(b, "swarm", "peers", "-v").startsWith(a.address() + " "));
            assertEquals(b.address() + "\n", kubo(b, "swarm", "addrs", "local", "--id"));
            assertTrue(kubo(b, "ping", "-n", "1", a.id()).contains("Average latency: "));
            assertEquals("", kubo(b, "p2p", "listen", "/x/kubo", "/ip4/127.0.0.1/tcp/9"));
            assertEquals("", kubo(b, "p2p", "forward", "/x/kubo", "/ip4/127.0.0.1/tcp/0", a.address()));
            assertEquals(b.run("ls").out(), kubo(b, "p2p", "ls"));
            assertEquals("", kubo(b, "p2p", "stream", "ls"));
            assertEquals("Closed 2 stream(s)\n", kubo(b, "p2p", "close", "-p", "/x/kubo"));
            assertEquals("", kubo(b, "p2p", "ls"));
            assertEquals("Error: no matching options given\n", kubo(b, "p2p", "close"));
            assertEquals("Error: protocol name must be within '/x/' namespace\n", kubo(b, "p2p", "listen", "x", "/ip4/127.0.0.1/tcp/9"));
            assertEquals("add " + a.id() + " success\n", kubo(b, "swarm", "peering", "add", a.address()));
            assertTrue(kubo(b, "swarm", "peering", "ls").startsWith(a.id() + "\n"));
            assertEquals("remove " + a.id() + " success\n", kubo(b, "swarm", "peering", "rm", a.id()));
            assertEquals("disconnect " + a.id() + " success\n", kubo(b, "swarm", "disconnect", "/p2p/" + a.id()));
            assertEquals("added " + a.address() + "\n", kubo(b, "bootstrap", "add", a.address()));
            assertEquals(a.address() + "\n", kubo(b, "bootstrap", "list"));
            assertEquals(a.address() + "\n", kubo(b, "bootstrap"));
            assertEquals("removed " + a.address() + "\n", kubo(b, "bootstrap", "rm", a.address()));
            assertEquals("added " + b.address() + "\n", kubo(a, "bootstrap", "add", b.address()));
            assertEquals("removed " + b.address() + "\n", kubo(a, "bootstrap", "rm", "all"));
            assertEquals("", kubo(a, "bootstrap", "rm", "--all"));
            assertEquals(b.id() + "\n", kubo(b, "config", "Identity.PeerID"));
            assertEquals("", kubo(b, "shutdown"));
            b.daemon().awaitStop();
        }
    }

    private String kubo(TestDaemon daemon, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--api", "/unix" + daemon.directory() + "/api.sock"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("IPFS_PATH", Files.createDirectories(directory.resolve("ipfs")).toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(printed.startsWith("Error: ") ? 1 : 0, process.waitFor(), printed);
        return printed;
    }

    /** Where test-net/install-kubo puts it, or on the PATH. */
    private static Path findKubo() {
        String cache = System.getenv("XDG_CACHE_HOME");
        List<Path> places = new ArrayList<>();
        places.add(Path.of(cache == null ? System.getProperty("user.home") + "/.cache" : cache, "adit/kubo/bin/ipfs"));
        for (String folder : System.getenv("PATH").split(":")) {
            places.add(Path.of(folder, "ipfs"));
        }
        return places.stream().filter(Files::isExecutable).findFirst().orElseGet(() ->
                Assumptions.abort("SKIP: no Kubo, see test-net/install-kubo"));
    }
}
