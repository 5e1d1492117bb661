package adit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PatienceTest {
    private static final String NOBODY = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";

    @TempDir
    Path directory;

    /** Says when the first bytes have come. */
    private static final class Watched extends ByteArrayOutputStream {
        private final CountDownLatch begun = new CountDownLatch(1);

        @Override public synchronized void write(byte[] bytes, int from, int length) {
            super.write(bytes, from, length);
            begun.countDown();
        }
    }

    @Test
    void whoWaitsForAPeerIsToldSo() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory.resolve("d")); ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Watched err = new Watched();
            Terminal terminal = new Terminal(new ByteArrayInputStream(new byte[0]), OutputStream.nullOutputStream(), err, daemon.directory());
            FutureTask<Integer> command = new FutureTask<>(() -> Main.run(terminal, "swarm", "connect",
                    "/ip4/127.0.0.1/tcp/" + mute.getLocalPort() + "/p2p/" + NOBODY));
            Thread.ofVirtual().start(command);
            try (Socket accepted = mute.accept()) {
                err.begun.await();
                assertEquals("adit: looking for the peer and dialling it, for half a minute at most; adit why PEER shows the steps\n", err.toString());
                accepted.setSoLinger(true, 0);
            }
            assertEquals(1, command.get());
            assertTrue(err.toString().contains("adit: error: connect " + NOBODY + " failure: "), err::toString);
        }
    }

    @Test
    void pingSaysThatItLooksForThePeer() throws Exception {
        try (TestDaemon daemon = new TestDaemon(directory.resolve("d"))) {
            assertTrue(daemon.run("ping", "-n", "1", NOBODY).out().startsWith("Looking up peer " + NOBODY + "\nPING " + NOBODY + ".\n"));
        }
    }
}
