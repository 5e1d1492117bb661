package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class HalfCloseTest {
    private TwoNodes nodes;

    @BeforeEach void open() throws Exception {
        nodes = new TwoNodes();
    }

    @AfterEach void close() {
        nodes.close();
    }

    @Test void halfClosedClientStillGetsTheAnswer() throws Exception {
        try (LocalService service = LocalService.counting()) {
            Forwarder forwarder = nodes.tunnel("/x/count", service);
            byte[] zeros = new byte[1_000_000];
            for (int i = 0; i < 50; i++) {
                try (Socket client = TwoNodes.connect(forwarder)) {
                    client.getOutputStream().write(zeros);
                    client.shutdownOutput();
                    assertEquals("1000000\n", new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
                }
                assertNull(service.outcomes.take().failure());
            }
            nodes.awaitQuiet();
            assertEquals(50, forwarder.counters().closed.sum());
            assertEquals(0, forwarder.counters().failed.sum());
            assertEquals(50_000_000, forwarder.counters().sent.sum());
            assertEquals(50 * 8, forwarder.counters().received.sum());
        }
    }

    @Test void halfClosedServiceStillGetsTheRest() throws Exception {
        byte[] upload = new byte[3_000_000];
        new Random(1).nextBytes(upload);
        byte[][] received = new byte[1][];
        LocalService.Conversation greetThenRead = client -> {
            client.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
            client.shutdownOutput();
            received[0] = Channels.newInputStream(client).readAllBytes();
        };
        try (LocalService service = new LocalService(greetThenRead); Socket client = TwoNodes.connect(nodes.tunnel("/x/upload", service))) {
            assertEquals("hello", new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            client.getOutputStream().write(upload);
            client.shutdownOutput();
            assertNull(service.outcomes.take().failure());
            assertArrayEquals(upload, received[0]);
        }
    }

    @Test void anEmptyConnectionEndsCleanlyAtBothEnds() throws Exception {
        try (LocalService service = LocalService.echo()) {
            Forwarder forwarder = nodes.tunnel("/x/echo", service);
            try (Socket client = TwoNodes.connect(forwarder)) {
                client.shutdownOutput();
                assertEquals(-1, client.getInputStream().read());
            }
            assertNull(service.outcomes.take().failure());
            Conditions.await(() -> forwarder.counters().closed.sum() == 1);
        }
    }

    @Test void aServiceMaySpeakFirst() throws Exception {
        LocalService.Conversation banner = client -> {
            client.write(ByteBuffer.wrap("220 ready\n".getBytes(StandardCharsets.US_ASCII)));
            Channels.newInputStream(client).readAllBytes();
        };
        try (LocalService service = new LocalService(banner)) {
            Forwarder forwarder = nodes.tunnel("/x/banner", service);
            for (int i = 0; i < 5; i++) {
                try (Socket client = TwoNodes.connect(forwarder)) {
                    assertEquals("220 ready\n", new String(client.getInputStream().readNBytes(10), StandardCharsets.US_ASCII));
                }
            }
        }
    }

    @Test void everyByteArrivesInOrderBothWays() throws Exception {
        byte[] sent = new byte[20_000_000];
        new Random(2).nextBytes(sent);
        try (LocalService service = LocalService.echo(); Socket client = TwoNodes.connect(nodes.tunnel("/x/echo", service))) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    client.getOutputStream().write(sent);
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertArrayEquals(sent, client.getInputStream().readAllBytes());
            writer.join();
        }
        nodes.awaitQuiet();
        Conditions.await(() -> nodes.using.pool.lent() == 0 && nodes.serving.pool.lent() == 0);
    }
}
