package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.Channels;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class PressureTest {
    @Test void twoHundredStreamsAtOnceKeepTheirBytesApart() throws Exception {
        try (TwoNodes nodes = new TwoNodes(); LocalService service = LocalService.echo();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Forwarder forwarder = nodes.tunnel("/x/echo", service);
            List<Future<byte[]>> digests = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                int seed = i;
                digests.add(clients.submit(() -> digestThroughEcho(forwarder, content(seed))));
            }
            for (int i = 0; i < 200; i++) {
                assertArrayEquals(digest(content(i)), digests.get(i).get(), forwarder::lastError);
            }
            nodes.awaitQuiet();
            assertEquals(200, forwarder.counters().opened.sum());
            Conditions.await(() -> forwarder.counters().closed.sum() == 200);
            Conditions.await(() -> nodes.using.pool.lent() == 0 && nodes.serving.pool.lent() == 0);
        }
    }

    @Test void aReaderThatStopsStallsItsWriterOnly() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicLong written = new AtomicLong();
        LocalService.Conversation stall = client -> {
            go.await();
            Channels.newInputStream(client).readAllBytes();
        };
        try (TwoNodes nodes = new TwoNodes(); LocalService stalling = new LocalService(stall); LocalService echo = LocalService.echo()) {
            Forwarder slow = nodes.tunnel("/x/stall", stalling);
            Forwarder quick = nodes.tunnel("/x/echo", echo);
            long total = 200_000_000;
            Socket client = TwoNodes.connect(slow);
            Thread writer = Thread.ofVirtual().start(() -> writeAll(client, total, written));
            // The other stream moves as many bytes as would fill every window on the way many times over.
            for (int i = 0; i < 20; i++) {
                digestThroughEcho(quick, content(i));
            }
            long stalledAt = awaitStall(written);
            assertTrue(stalledAt < total / 2, "the writer went on to " + stalledAt);
            assertArrayEquals(digest(content(7)), digestThroughEcho(quick, content(7)));
            go.countDown();
            writer.join();
            assertEquals(total, written.get());
            client.close();
        }
    }

    @Test void anIdleStreamThatWasBusyHoldsNoBuffer() throws Exception {
        try (TwoNodes nodes = new TwoNodes(); LocalService service = LocalService.echo()) {
            Forwarder forwarder = nodes.tunnel("/x/echo", service);
            List<Socket> clients = new ArrayList<>();
            byte[] block = new byte[300_000];
            for (int i = 0; i < 20; i++) {
                Socket client = TwoNodes.connect(forwarder);
                clients.add(client);
                Thread.ofVirtual().start(() -> writeAll(client, block.length, new AtomicLong()));
                client.getInputStream().readNBytes(block.length);
            }
            Conditions.await(() -> nodes.using.pool.lent() == 0 && nodes.serving.pool.lent() == 0);
            assertEquals(20, nodes.using.tunnels.streams().size());
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test void streamsBeyondTheLimitAreResetAndToldOf() throws Exception {
        try (TwoNodes nodes = new TwoNodes(Node.withMaximumStreams(2), Node.QUICK); LocalService service = LocalService.echo()) {
            Forwarder forwarder = nodes.tunnel("/x/echo", service);
            try (Socket first = TwoNodes.connect(forwarder); Socket second = TwoNodes.connect(forwarder)) {
                roundTrip(first);
                roundTrip(second);
                try (Socket third = TwoNodes.connect(forwarder)) {
                    assertThrows(SocketException.class, () -> roundTrip(third));
                }
                nodes.serving.log.awaitWarning("too many streams: 2 are live already");
                roundTrip(first);
            }
            nodes.awaitQuiet();
            try (Socket fourth = TwoNodes.connect(forwarder)) {
                roundTrip(fourth);
            }
        }
    }

    @Test void clientsBeyondTheLimitAreResetAndToldOf() throws Exception {
        try (TwoNodes nodes = new TwoNodes(Node.QUICK, Node.withMaximumStreams(1)); LocalService service = LocalService.echo()) {
            Forwarder forwarder = nodes.tunnel("/x/echo", service);
            try (Socket first = TwoNodes.connect(forwarder)) {
                roundTrip(first);
                try (Socket second = TwoNodes.connect(forwarder)) {
                    assertThrows(SocketException.class, () -> roundTrip(second));
                }
                nodes.using.log.awaitWarning("too many streams: 1 are live already");
            }
        }
    }

    static void roundTrip(Socket client) throws IOException {
        client.getOutputStream().write(7);
        if (client.getInputStream().read() != 7) {
            throw new IOException("no echo");
        }
    }

    private static long awaitStall(AtomicLong written) throws InterruptedException {
        long[] last = {-1};
        int[] same = {0};
        Conditions.await(() -> {
            same[0] = written.get() == last[0] && last[0] > 0 ? same[0] + 1 : 0;
            last[0] = written.get();
            return same[0] == 100;
        });
        return last[0];
    }

    private static void writeAll(Socket client, long total, AtomicLong written) {
        try {
            byte[] block = new byte[100_000];
            while (written.get() < total) {
                client.getOutputStream().write(block);
                written.addAndGet(block.length);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] digestThroughEcho(Forwarder forwarder, byte[] content) throws Exception {
        try (Socket client = TwoNodes.connect(forwarder)) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    client.getOutputStream().write(content);
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            byte[] digest = digest(client.getInputStream().readAllBytes());
            writer.join();
            return digest;
        }
    }

    private static byte[] content(int seed) {
        byte[] content = new byte[100_000 + seed * 2000];
        new Random(seed).nextBytes(content);
        return content;
    }

    private static byte[] digest(byte[] content) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(content);
    }
}
