package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** adit invite and adit accept. */
@Timeout(90)
class PairingTest {
    @TempDir
    Path temporary;

    /** An "adit invite" that runs beside the test. */
    private static final class Inviting {
        private final CompletableFuture<String> code = new CompletableFuture<>();
        private final CompletableFuture<TestDaemon.Result> end = new CompletableFuture<>();

        Inviting(TestDaemon daemon, String... words) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            OutputStream watched = new OutputStream() {
                @Override public void write(int one) {
                    write(new byte[] {(byte) one}, 0, 1);
                }

                @Override public synchronized void write(byte[] bytes, int offset, int length) {
                    out.write(bytes, offset, length);
                    out.toString(StandardCharsets.UTF_8).lines().findFirst().ifPresent(code::complete);
                }
            };
            Thread.ofVirtual().start(() -> {
                int exit = Main.run(new Terminal(new ByteArrayInputStream(new byte[0]), watched, err, daemon.directory()), words);
                TestDaemon.Result result = new TestDaemon.Result(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), exit);
                code.complete(result.toString());
                end.complete(result);
            });
        }

        String code() throws ExecutionException, InterruptedException {
            return code.get();
        }

        TestDaemon.Result end() throws ExecutionException, InterruptedException {
            return end.get();
        }
    }

    @Test
    void aCodeMakesATunnelThatBothKeep() throws Exception {
        try (ServerSocket service = new ServerSocket(0); TestDaemon here = new TestDaemon(temporary.resolve("a"));
                TestDaemon there = new TestDaemon(temporary.resolve("b"))) {
            Inviting inviting = new Inviting(here, "invite", "--for", "8h", "/x/ssh", "/ip4/127.0.0.1/tcp/" + service.getLocalPort());
            String code = inviting.code();
            TestDaemon.Result accepted = there.run("accept", code, "/ip4/127.0.0.1/tcp/0");
            assertEquals(0, accepted.code(), accepted.err());
            assertTrue(accepted.out().matches("/ip4/127.0.0.1/tcp/[0-9]+ leads to /x/ssh of " + here.id() + "\n"), accepted.out());
            assertTrue(inviting.end().out().startsWith(code + "\n" + there.id() + " may use /x/ssh until "), inviting.end().out());
            assertEquals(0, inviting.end().code());
            int port = Integer.parseInt(accepted.out().replaceAll("/ip4/127.0.0.1/tcp/([0-9]+) .*\n", "$1"));
            try (Socket client = new Socket("127.0.0.1", port); Socket served = service.accept()) {
                client.getOutputStream().write('!');
                assertEquals('!', served.getInputStream().read());
            }
            assertTrue(Files.readString(here.directory().resolve("config.json")).contains(there.id() + "@"), "the grant is saved");
            assertTrue(Files.readString(there.directory().resolve("config.json")).contains("/p2p/" + here.id()), "the forwarder is saved");
            String again = there.run("accept", code, "/ip4/127.0.0.1/tcp/0").err();
            assertEquals("adit: error: the code has been used, has expired or was withdrawn\n"
                    + "adit: hint: ask for another code: adit invite, on the other machine\n", again);
            assertFalse(there.log().contains(code), "the code is a secret");
            assertFalse(here.log().contains(code));
        }
    }

    @Test
    void theCodeMayComeFromStandardInput() throws Exception {
        try (TestDaemon here = new TestDaemon(temporary.resolve("a")); TestDaemon there = new TestDaemon(temporary.resolve("b"))) {
            Inviting inviting = new Inviting(here, "invite", "/x/ssh", "/ip4/127.0.0.1/tcp/22");
            byte[] typed = (inviting.code().toUpperCase(java.util.Locale.ROOT) + "\n").getBytes(StandardCharsets.US_ASCII);
            assertEquals(0, TestDaemon.run(there.directory(), new ByteArrayInputStream(typed), "accept", "-", "/ip4/127.0.0.1/tcp/0").code());
            assertEquals(0, inviting.end().code());
        }
    }

    @Test
    void whatCannotWorkIsRefusedBeforeTheCodeIsUsedUp() throws Exception {
        try (TestDaemon here = new TestDaemon(temporary.resolve("a")); TestDaemon there = new TestDaemon(temporary.resolve("b"))) {
            assertTrue(here.run("invite", "/x/none").err().endsWith("adit: hint: make it: adit invite /x/none /ip4/127.0.0.1/tcp/PORT\n"));
            here.run("listen", "/x/open", "/ip4/127.0.0.1/tcp/22");
            assertTrue(here.run("invite", "/x/open").err().startsWith("adit: error: any peer may use /x/open\nadit: hint: "));
            here.run("listen", "--allow", there.id(), "/x/ssh", "/ip4/127.0.0.1/tcp/22");
            Inviting inviting = new Inviting(here, "invite", "/x/ssh");
            String code = inviting.code();
            String slip = code.substring(0, 20) + (code.charAt(20) == 'q' ? 'r' : 'q') + code.substring(21);
            assertEquals("adit: error: the code is mistyped or cut off\n", there.run("accept", slip, "/ip4/127.0.0.1/tcp/0").err());
            assertEquals(1, there.run("accept", code, "/ip4/127.0.0.1/udp/1").code());
            assertTrue(here.run("accept", code, "/ip4/127.0.0.1/tcp/0").err().contains("this daemon's own"));
            assertEquals(0, there.run("accept", code, "/ip4/127.0.0.1/tcp/0").code());
        }
    }

    @Test
    void aPortThatIsTakenIsToldWithWhatMakesTheForwarder() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
                TestDaemon here = new TestDaemon(temporary.resolve("a")); TestDaemon there = new TestDaemon(temporary.resolve("b"))) {
            Inviting inviting = new Inviting(here, "invite", "/x/ssh", "/ip4/127.0.0.1/tcp/22");
            String said = there.run("accept", inviting.code(), "/ip4/127.0.0.1/tcp/" + taken.getLocalPort()).err();
            assertTrue(said.contains("address already in use") && said.contains("adit forward --save /x/ssh"), said);
        }
    }

    @Test
    void theEndOfTheDaemonEndsAnInvitationWithItsReason() throws Exception {
        Inviting inviting;
        try (TestDaemon here = new TestDaemon(temporary.resolve("a"))) {
            inviting = new Inviting(here, "invite", "/x/ssh", "/ip4/127.0.0.1/tcp/22");
            inviting.code();
        }
        assertEquals(1, inviting.end().code());
        assertTrue(inviting.end().err().contains("nobody was let in: the daemon is shutting down"), inviting.end().err());
    }
}
