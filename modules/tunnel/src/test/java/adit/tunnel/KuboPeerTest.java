package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.transport.Stream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a peer that takes the end of one direction for the end of both. */
@Timeout(60)
final class KuboPeerTest {
    private static final TunnelSettings SHORT_GRACE =
            new TunnelSettings(Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(5), 100);

    private Node kubo;
    private Node adit;

    @BeforeEach void open() throws Exception {
        kubo = new Node("kubo/0.43.1", Node.QUICK, 0);
        adit = new Node();
    }

    @AfterEach void close() {
        adit.close();
        kubo.close();
    }

    @Test void aHalfClosedClientGetsTheAnswerThatDoesNotNeedItsEnd() throws Exception {
        LocalService.Conversation answerAfterALine = client -> {
            client.read(ByteBuffer.allocate(100));
            for (int i = 0; i < 100; i++) {
                client.write(ByteBuffer.wrap(new byte[10_000]));
            }
        };
        try (LocalService service = new LocalService(answerAfterALine)) {
            FakeKubo.listen(kubo, "/x/answer", service.socketAddress());
            Forwarder forwarder = adit.forward("/x/answer", kubo);
            for (int i = 0; i < 20; i++) {
                try (Socket client = TwoNodes.connect(forwarder)) {
                    client.getOutputStream().write("GET\n".getBytes(StandardCharsets.US_ASCII));
                    client.shutdownOutput();
                    assertEquals(1_000_000, client.getInputStream().readAllBytes().length);
                }
                assertNull(service.outcomes.take().failure());
            }
            Conditions.await(() -> forwarder.counters().closed.sum() == 20);
        }
    }

    @Test void aClientThatIsGoneIsNotWaitedFor() throws Exception {
        byte[][] received = new byte[1][];
        try (LocalService service = new LocalService(client -> received[0] = Channels.newInputStream(client).readAllBytes())) {
            FakeKubo.listen(kubo, "/x/upload", service.socketAddress());
            try (Socket client = TwoNodes.connect(adit.forward("/x/upload", kubo))) {
                client.getOutputStream().write(new byte[500_000]);
            }
            // halfCloseGrace is 20 s here: the outcome comes long before
            long begun = System.nanoTime();
            assertNull(service.outcomes.take().failure());
            assertEquals(500_000, received[0].length);
            assertTrue(System.nanoTime() - begun < Duration.ofSeconds(15).toNanos());
        }
    }

    @Test void theEndIsHeldBackForALimitedTimeOnly() throws Exception {
        try (Node hasty = new Node("adit/test", SHORT_GRACE, 0);
                LocalService service = new LocalService(client -> Channels.newInputStream(client).readAllBytes())) {
            FakeKubo.listen(kubo, "/x/upload", service.socketAddress());
            try (Socket client = TwoNodes.connect(hasty.forward("/x/upload", kubo))) {
                client.getOutputStream().write(1);
                client.shutdownOutput();
                assertEquals(-1, client.getInputStream().read());
            }
            assertNull(service.outcomes.take().failure());
        }
    }

    @Test void aServiceThatEndsFirstIsToldOnAtOnce() throws Exception {
        CountDownLatch served = new CountDownLatch(1);
        LocalService.Conversation sendAndClose = client -> {
            client.write(ByteBuffer.wrap(new byte[100_000]));
            served.countDown();
        };
        try (LocalService service = new LocalService(sendAndClose); ClientOfKubo client = new ClientOfKubo("/x/file", service)) {
            served.await();
            assertEquals(100_000, client.program.socket().getInputStream().readAllBytes().length);
            Conditions.await(() -> adit.tunnels.streams().isEmpty());
        }
    }

    @Test void afterItsEndAServiceThatGoesOnTalkingDoesNotStall() throws Exception {
        LocalService.Conversation talkOn = client -> {
            Channels.newInputStream(client).readAllBytes();
            for (int i = 0; i < 500; i++) {
                client.write(ByteBuffer.wrap(new byte[10_000]));
            }
        };
        try (LocalService service = new LocalService(talkOn); ClientOfKubo client = new ClientOfKubo("/x/talk", service)) {
            client.program.close();
            assertNull(service.outcomes.take().failure());
            Conditions.await(() -> adit.tunnels.streams().isEmpty());
            Conditions.await(() -> adit.tunnels.list().getFirst().counters().closed.sum() == 1);
        }
    }

    @Test void afterItsEndAClientThatGoesOnTalkingSeesAnOrdinaryClose() throws Exception {
        LocalService.Conversation answerAndClose = client -> {
            client.read(ByteBuffer.allocate(1));
            client.write(ByteBuffer.wrap(new byte[10]));
        };
        try (LocalService service = new LocalService(answerAndClose)) {
            FakeKubo.listen(kubo, "/x/short", service.socketAddress());
            try (Socket client = TwoNodes.connect(adit.forward("/x/short", kubo))) {
                client.getOutputStream().write(1);
                assertEquals(10, client.getInputStream().readAllBytes().length);
                client.getOutputStream().write(new byte[1000]);
            }
            Conditions.await(() -> adit.tunnels.streams().isEmpty());
        }
    }

    /** A program that is connected to a Kubo forwarder whose listener is ours. */
    private final class ClientOfKubo implements AutoCloseable {
        private final SocketChannel program;

        ClientOfKubo(String protocol, LocalService service) throws Exception {
            adit.listen(protocol, service.address());
            kubo.swarm.addressBook().add(adit.swarm.self(), java.util.List.of(adit.address), Duration.ofHours(1));
            Stream stream = kubo.swarm.openStream(adit.swarm.self(), protocol);
            try (ServerSocketChannel pair = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                program = SocketChannel.open(pair.getLocalAddress());
                SocketChannel forwarder = pair.accept();
                Thread.ofVirtual().start(() -> carry(stream, forwarder));
            }
        }

        private static void carry(Stream stream, SocketChannel forwarder) {
            try {
                FakeKubo.forward(stream, forwarder);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override public void close() throws IOException {
            program.close();
        }
    }
}
