package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.Multiaddr;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process without a free file descriptor goes on accepting once it has some again. */
@Timeout(60)
final class ShortageTest {
    private static final int DESCRIPTORS = 150;

    @Test void aForwarderOutlivesAShortageOfFileDescriptors() throws Exception {
        LocalService service = LocalService.echo();
        Process process = startPoorNodes(service.address().toString());
        try (service; BufferedReader lines = process.inputReader()) {
            int port = Integer.parseInt(lines.readLine());
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 2 * DESCRIPTORS; i++) {
                clients.add(new Socket("127.0.0.1", port));
            }
            String line = lines.readLine();
            assertTrue(line.contains("accepting"), line);
            for (Socket client : clients) {
                client.close();
            }
            awaitService(port);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void awaitService(int port) throws InterruptedException {
        Conditions.await(() -> {
            try (Socket client = new Socket("127.0.0.1", port)) {
                PressureTest.roundTrip(client);
                return true;
            } catch (IOException stillShort) {
                return false;
            }
        });
    }

    private static Process startPoorNodes(String target) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String script = "ulimit -n " + DESCRIPTORS + "; exec \"$0\" -Xmx64m -cp \"$1\" adit.tunnel.ShortageTest \"$2\"";
        return new ProcessBuilder("bash", "-c", script, java, System.getProperty("java.class.path"), target).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    /** The poor process: two nodes and a tunnel between them to the target named; prints its port, then its first warning. */
    public static void main(String[] arguments) throws Exception {
        try (TwoNodes nodes = new TwoNodes()) {
            nodes.serving.listen("/x/echo", Multiaddr.parse(arguments[0]));
            Forwarder forwarder = nodes.using.forward("/x/echo", nodes.serving);
            // Classes are files, too: those the way needs are loaded before the shortage.
            try (Socket client = TwoNodes.connect(forwarder)) {
                PressureTest.roundTrip(client);
                client.setSoLinger(true, 0);
            }
            System.out.println(TwoNodes.port(forwarder));
            System.out.println(nodes.using.log.awaitWarning("accepting"));
            nodes.using.tunnels.awaitClosed(forwarder);
        }
    }
}
