package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reset at one side is a reset at the other, whichever side and whatever the other one is doing. */
@Timeout(60)
final class AbortTest {
    private TwoNodes nodes;

    @BeforeEach void open() throws Exception {
        nodes = new TwoNodes();
    }

    @AfterEach void close() {
        nodes.close();
    }

    @Test void aServiceThatResetsIsAResetForTheClient() throws Exception {
        LocalService.Conversation reset = client -> {
            client.read(ByteBuffer.allocate(1));
            reset(client);
        };
        try (LocalService service = new LocalService(reset)) {
            Forwarder forwarder = nodes.tunnel("/x/reset", service);
            try (Socket client = TwoNodes.connect(forwarder)) {
                client.getOutputStream().write(1);
                assertThrows(SocketException.class, () -> client.getInputStream().read());
            }
            Conditions.await(() -> forwarder.counters().failed.sum() == 1);
            assertTrue(forwarder.lastError().contains("reset"), forwarder.lastError());
        }
    }

    @Test void aServiceThatDiesMidTransferIsNeverACleanEnd() throws Exception {
        LocalService.Conversation dieAfterPart = client -> {
            client.write(ByteBuffer.wrap(new byte[100_000]));
            reset(client);
        };
        try (LocalService service = new LocalService(dieAfterPart)) {
            Forwarder forwarder = nodes.tunnel("/x/dies", service);
            for (int i = 0; i < 50; i++) {
                try (Socket client = TwoNodes.connect(forwarder)) {
                    assertThrows(SocketException.class, () -> client.getInputStream().readAllBytes());
                }
            }
        }
    }

    @Test void aClientThatResetsIsAResetForTheService() throws Exception {
        LocalService.Conversation read = client -> Channels.newInputStream(client).readAllBytes();
        try (LocalService service = new LocalService(read)) {
            try (Socket client = TwoNodes.connect(nodes.tunnel("/x/read", service))) {
                client.getOutputStream().write(new byte[100]);
                awaitStreams(1);
                client.setSoLinger(true, 0);
            }
            assertInstanceOf(IOException.class, service.outcomes.take().failure());
        }
        nodes.awaitQuiet();
    }

    @Test void aClientThatResetsWhileItIsWrittenToIsAResetForTheService() throws Exception {
        LocalService.Conversation flood = client -> {
            while (true) {
                client.write(ByteBuffer.wrap(new byte[65536]));
            }
        };
        try (LocalService service = new LocalService(flood)) {
            try (Socket client = TwoNodes.connect(nodes.tunnel("/x/flood", service))) {
                client.getInputStream().readNBytes(10_000_000);
                client.setSoLinger(true, 0);
            }
            assertInstanceOf(IOException.class, service.outcomes.take().failure());
        }
        nodes.awaitQuiet();
    }

    @Test void aServiceThatStillWaitsHearsOfTheAbortAfterTheClientsEnd() throws Exception {
        LocalService.Conversation readToEndThenWait = client -> {
            Channels.newInputStream(client).readAllBytes();
            while (true) {
                client.write(ByteBuffer.wrap(new byte[1]));
            }
        };
        try (LocalService service = new LocalService(readToEndThenWait);
                Socket client = TwoNodes.connect(nodes.tunnel("/x/wait", service))) {
            client.getOutputStream().write(1);
            client.shutdownOutput();
            client.getInputStream().read();
            nodes.using.tunnels.closeStreams();
            assertInstanceOf(IOException.class, service.outcomes.take().failure());
        }
    }

    @Test void aStreamResetAfterTheClientsEndLeavesNothingBehind() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        LocalService.Conversation waitInSilence = client -> {
            Channels.newInputStream(client).readAllBytes();
            ended.countDown();
            over.await();
        };
        try (LocalService service = new LocalService(waitInSilence); Socket client = TwoNodes.connect(nodes.tunnel("/x/silent", service))) {
            client.shutdownOutput();
            ended.await();
            nodes.using.tunnels.closeStreams();
            nodes.awaitQuiet();
            over.countDown();
        }
    }

    @Test void aWholeAnswerSurvivesTheResetBehindIt() throws Exception {
        byte[] answer = new byte[200_000];
        new Random(3).nextBytes(answer);
        nodes.serving.swarm.handle("/x/answer", true, stream -> {
            stream.write(answer, 0, answer.length);
            stream.closeWrite();
            stream.reset();
        });
        Forwarder forwarder = nodes.using.forward("/x/answer", nodes.serving);
        for (int i = 0; i < 20; i++) {
            try (Socket client = TwoNodes.connect(forwarder)) {
                assertArrayEquals(answer, client.getInputStream().readAllBytes());
            }
        }
        nodes.awaitQuiet();
    }

    @Test void whatWasSentBeforeAResetIsDeliveredToASlowClientThenTheReset() throws Exception {
        byte[] answer = new byte[4_000_000];
        new Random(4).nextBytes(answer);
        CountDownLatch gone = new CountDownLatch(1);
        nodes.serving.swarm.handle("/x/cut", true, stream -> {
            stream.write(answer, 0, answer.length);
            stream.reset();
            gone.countDown();
        });
        try (Socket client = TwoNodes.connect(nodes.using.forward("/x/cut", nodes.serving))) {
            client.setReceiveBufferSize(300_000);
            byte[] start = client.getInputStream().readNBytes(3_000_000);
            gone.await();
            byte[] rest = client.getInputStream().readNBytes(answer.length - start.length);
            assertArrayEquals(answer, concatenated(start, rest));
            assertThrows(SocketException.class, () -> client.getInputStream().read());
        }
        nodes.awaitQuiet();
    }

    private static byte[] concatenated(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
    }

    @Test void aPeerThatDiesMidTransferIsAResetForTheClient() throws Exception {
        LocalService.Conversation flood = client -> {
            while (true) {
                client.write(ByteBuffer.wrap(new byte[65536]));
            }
        };
        try (LocalService service = new LocalService(flood); Socket client = TwoNodes.connect(nodes.tunnel("/x/flood", service))) {
            client.getInputStream().readNBytes(10_000_000);
            nodes.using.swarm.disconnect(nodes.serving.swarm.self(), "killed");
            assertThrows(SocketException.class, () -> client.getInputStream().readAllBytes());
            assertInstanceOf(IOException.class, service.outcomes.take().failure());
        }
    }

    @Test void closingAStreamByItsIdEndsBothTcpConnectionsAtOnce() throws Exception {
        LocalService.Conversation read = client -> Channels.newInputStream(client).readAllBytes();
        try (LocalService service = new LocalService(read); Socket client = TwoNodes.connect(nodes.tunnel("/x/read", service))) {
            client.getOutputStream().write(1);
            awaitStreams(1);
            long id = nodes.serving.tunnels.streams().getFirst().id();
            assertTrue(nodes.serving.tunnels.closeStream(id));
            assertThrows(SocketException.class, () -> client.getInputStream().read());
            assertInstanceOf(IOException.class, service.outcomes.take().failure());
            nodes.awaitQuiet();
            assertEquals(false, nodes.serving.tunnels.closeStream(id));
        }
    }

    private void awaitStreams(int number) throws InterruptedException {
        Conditions.await(() -> nodes.serving.tunnels.streams().size() == number && nodes.using.tunnels.streams().size() == number);
    }

    private static void reset(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }
}
