package adit.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams, clients that go away, upgrades, and the end of the server. */
@Timeout(30)
final class StreamedAnswerTest {
    private static final String REQUEST = "POST /api/v0/p2p/listen HTTP/1.1\r\nHost: adit\r\n\r\n";
    private static final String STREAM_HEAD = "HTTP/1.1 200 OK\r\nServer: adit\r\nContent-Type: application/json\r\n"
            + "X-Content-Type-Options: nosniff\r\nX-Chunked-Output: 1\r\n"
            + "Trailer: X-Stream-Error\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    /** A foreground command: says that it is there, and waits until its client or the server goes. */
    private void foreground(ControlExchange exchange) throws IOException {
        exchange.startStreaming("application/json");
        exchange.onDisconnect(() -> events.add("removed"));
        exchange.write("{}\n".getBytes(StandardCharsets.US_ASCII));
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stop) {
            events.add("interrupted");
        }
    }

    @Test
    void headAndChunksAreSentAtOnce() throws IOException {
        try (var server = new ScratchServer(this::foreground); RawClient client = server.connect()) {
            client.send(REQUEST);
            assertEquals(STREAM_HEAD, client.readUntil("\r\n\r\n"));
            assertEquals("3\r\n{}\n\r\n", client.readUntil("}\n\r\n"));
        }
    }

    @Test
    void clientThatGoesAwayIsNoticedWhileNothingIsWritten() throws Exception {
        try (var server = new ScratchServer(this::foreground)) {
            try (RawClient client = server.connect()) {
                client.send(REQUEST);
                client.readUntil("}\n\r\n");
            }
            assertGone();
        }
    }

    @Test
    void halfClosedClientOfAStreamHasGoneAway() throws Exception {
        try (var server = new ScratchServer(this::foreground); RawClient client = server.connect()) {
            client.send(REQUEST);
            client.readUntil("}\n\r\n");
            client.channel.shutdownOutput();
            assertGone();
        }
    }

    @Test
    void clientThatSendsWithoutEndDuringAStreamIsCutOff() throws Exception {
        try (var server = new ScratchServer(this::foreground); RawClient client = server.connect()) {
            client.send(REQUEST);
            client.readUntil("}\n\r\n");
            client.send("x".repeat(60_000));
            assertTrue(events.isEmpty());
            assertThrows(IOException.class, () -> client.send("x".repeat(10_000_000)));
            assertGone();
        }
    }

    @Test
    void clientThatGoesAwayFreesAWriterThatItBlocked() throws Exception {
        try (var server = new ScratchServer(exchange -> {
            exchange.startStreaming("application/json");
            exchange.onDisconnect(() -> events.add("removed"));
            try {
                exchange.write(new byte[8 << 20]);
            } catch (IOException freed) {
                events.add("interrupted");
                throw freed;
            }
        }); RawClient client = server.connect()) {
            client.send(REQUEST);
            client.readUntil("\r\n\r\n");
            client.channel.shutdownOutput();
            assertGone();
        }
    }

    @Test
    void clientThatGoesAwayIsToldOnceHoweverItIsNoticed() throws Exception {
        try (var server = new ScratchServer(exchange -> {
            exchange.onDisconnect(() -> events.add("removed"));
            exchange.startStreaming("text/plain");
            for (byte[] chunk = new byte[100];; chunk = new byte[chunk.length + 1]) {
                exchange.write(chunk);
            }
        })) {
            for (int i = 0; i < 300; i++) {
                try (RawClient client = server.connect()) {
                    client.send(REQUEST);
                    client.channel.read(ByteBuffer.allocate(1 + i * 10));
                }
            }
            for (int i = 0; i < 300; i++) {
                assertEquals("removed", events.take());
            }
        }
        assertTrue(events.isEmpty(), "once each");
    }

    @Test
    void handlerThatOnlyAsksToBeToldIsToldToo() throws Exception {
        try (var server = new ScratchServer(exchange -> {
            exchange.onDisconnect(() -> events.add("removed"));
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stop) {
                events.add("interrupted");
                throw new IOException("canceled", stop);
            }
        })) {
            try (RawClient client = server.connect()) {
                client.send(REQUEST);
            }
            assertGone();
        }
    }

    @Test
    void actionAskedForAfterTheClientWentRunsAtOnceAndWritesFail() throws Exception {
        try (var server = new ScratchServer(exchange -> {
            exchange.startStreaming("application/json");
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stop) {
                exchange.onDisconnect(() -> events.add("removed"));
                assertThrows(IOException.class, () -> exchange.write(new byte[1]));
                events.add("interrupted");
            }
        })) {
            try (RawClient client = server.connect()) {
                client.send(REQUEST);
                client.readUntil("\r\n\r\n");
            }
            assertGone();
        }
    }

    private void assertGone() throws InterruptedException {
        assertEquals(java.util.Set.of("removed", "interrupted"), java.util.Set.of(events.take(), events.take()));
        assertTrue(events.isEmpty(), "each once");
    }

    @Test
    void answerThatEndedIsNoDisconnection() throws Exception {
        try (var server = new ScratchServer(exchange -> {
            exchange.onDisconnect(() -> events.add("removed"));
            if (exchange.path().equals("/whole")) {
                exchange.respond(200, "text/plain", new byte[0]);
            } else {
                exchange.startStreaming("text/plain");
            }
            events.add("returned " + Thread.currentThread().isInterrupted());
        })) {
            for (int i = 0; i < 100; i++) {
                for (String path : new String[] {"/whole", "/streamed"}) {
                    assertTrue(server.talk("POST " + path + " HTTP/1.1\r\nHost: adit\r\n\r\n").contains("Connection: close"));
                    assertEquals("returned false", events.take());
                }
            }
        }
        assertTrue(events.isEmpty());
    }

    @Test
    void emptyWriteDoesNotEndTheStream() throws IOException {
        try (var server = new ScratchServer(exchange -> {
            exchange.startStreaming("application/json");
            exchange.write(new byte[0]);
            exchange.write("x".getBytes(StandardCharsets.US_ASCII));
        })) {
            assertEquals(STREAM_HEAD + "1\r\nx\r\n0\r\n\r\n", server.talk(REQUEST));
        }
    }

    @Test
    void handlerThatFailsHalfWayTellsInTheTrailer() throws IOException {
        try (var server = new ScratchServer(exchange -> {
            exchange.startStreaming("application/json");
            throw new IOException("dial failed\nfor " + "long ".repeat(500));
        })) {
            String answer = server.talk(REQUEST);
            String trailer = answer.substring(STREAM_HEAD.length());
            assertTrue(trailer.startsWith("0\r\nX-Stream-Error: dial failed for long ") && trailer.endsWith("\r\n\r\n")
                    && trailer.length() < 1000, answer);
        }
    }

    @Test
    void upgradeWithoutTheHeadersForItIs426() throws IOException {
        try (var server = new ScratchServer(exchange -> exchange.upgrade("adit-stream"))) {
            for (String lines : new String[] {"close", "close, Upgrade", "close\r\nUpgrade: adit-stream",
                    "upgrade, close\r\nUpgrade: websocket"}) {
                String answer = server.talk("POST / HTTP/1.1\r\nHost: adit\r\nConnection: " + lines + "\r\n\r\n");
                assertTrue(answer.startsWith("HTTP/1.1 426 ") && answer.contains("Upgrade: adit-stream\r\n"), answer);
            }
        }
    }

    @Test
    void upgradedConnectionKeepsItsBytesAndLeavesTheServer() throws Exception {
        var taken = new LinkedBlockingQueue<ControlExchange.Upgraded>();
        var settings = ScratchServer.settings(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30), 1);
        try (var server = new ScratchServer(settings, exchange -> taken.add(exchange.upgrade("adit-stream")));
                RawClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: adit\r\nConnection: keep-alive, Upgrade\r\nUpgrade: adit-stream\r\n"
                    + "Content-Length: 2\r\n\r\nhiearly bytes");
            assertEquals("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: adit-stream\r\n\r\n",
                    client.readUntil("\r\n\r\n"));
            ControlExchange.Upgraded upgraded = taken.take();
            assertEquals("early bytes", new String(upgraded.initial(), StandardCharsets.US_ASCII));
            try (RawClient other = server.connect()) {
                other.send("POST / HTTP/1.1\r\nHost: adit\r\n\r\n");
                assertTrue(other.readUntil("\r\n\r\n").startsWith("HTTP/1.1 426 "), "the upgraded connection is not counted");
            }
            server.server.close();
            try (SocketChannel channel = upgraded.channel()) {
                client.send("later");
                assertEquals(5, channel.read(ByteBuffer.allocate(10)));
                channel.write(ByteBuffer.wrap("answer".getBytes(StandardCharsets.US_ASCII)));
            }
            assertEquals("answer", client.readAll());
        }
    }

    @Test
    void closeEndsForegroundClientsWellAndRemovesTheSocket() throws Exception {
        var server = new ScratchServer(this::foreground);
        try (RawClient first = server.connect(); RawClient second = server.connect(); RawClient idle = server.connect()) {
            first.send(REQUEST);
            second.send(REQUEST);
            first.readUntil("}\n\r\n");
            second.readUntil("}\n\r\n");
            long start = System.nanoTime();
            server.close();
            assertTrue(System.nanoTime() - start < 1_000_000_000L);
            assertEquals("0\r\n\r\n", first.readAll());
            assertEquals("0\r\n\r\n", second.readAll());
            assertEquals("", idle.readAll());
            assertFalse(Files.exists(server.socket));
            assertEquals(4, events.size());
        }
    }

    @Test
    void closeIsPromptWithAHandlerThatWaitsAndAClientThatDoesNotRead() throws Exception {
        var started = new CountDownLatch(2);
        var server = new ScratchServer(exchange -> {
            started.countDown();
            if (exchange.path().equals("/stuck")) {
                exchange.startStreaming("text/plain");
                exchange.write(new byte[8 << 20]);
            }
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stop) {
                events.add("interrupted");
            }
        });
        try (RawClient waiting = server.connect(); RawClient stuck = server.connect()) {
            waiting.send(REQUEST);
            stuck.send("POST /stuck HTTP/1.1\r\nHost: adit\r\n\r\n");
            started.await();
            stuck.readUntil("\r\n\r\n");
            long start = System.nanoTime();
            server.close();
            assertTrue(System.nanoTime() - start < 1_500_000_000L);
            assertEquals("interrupted", events.take());
            assertEquals("", waiting.readAll());
        }
    }

    @Test
    void answerUnderWayIsStillSentWhileTheServerCloses() throws Exception {
        var closing = new CountDownLatch(1);
        var started = new CountDownLatch(1);
        var server = new ScratchServer(exchange -> {
            started.countDown();
            try {
                closing.await();
            } catch (InterruptedException tooLate) {
                throw new IOException(tooLate);
            }
            ScratchServer.echo(exchange);
        });
        try (RawClient client = server.connect(); RawClient idle = server.connect()) {
            client.send(REQUEST);
            started.await();
            idle.send("POST ");
            Thread closer = Thread.ofVirtual().start(server.server::close);
            // the end, or a reset where its half request had not been read yet
            assertThrows(IOException.class, () -> idle.readUntil("never"));
            closing.countDown();
            assertTrue(client.readAll().endsWith("POST /api/v0/p2p/listen {} "));
            closer.join();
        }
        server.close();
    }

    @Test
    void handlerMayCloseTheServerAfterItsAnswer() throws Exception {
        var holder = new LinkedBlockingQueue<ScratchServer>();
        var server = new ScratchServer(exchange -> {
            exchange.respond(200, "text/plain", "bye".getBytes(StandardCharsets.US_ASCII));
            try {
                ScratchServer own = holder.take();
                own.server.close();
                events.add("closed");
            } catch (InterruptedException stop) {
                events.add("interrupted");
            }
        });
        holder.add(server);
        try (RawClient client = server.connect()) {
            client.send(REQUEST);
            assertTrue(client.readAll().endsWith("bye"));
            assertEquals("closed", events.take());
        }
        server.close();
    }

    @Test
    void actionThatFailsIsWarnedOfAndTheNextRuns() throws Exception {
        try (var server = new ScratchServer(exchange -> {
            exchange.startStreaming("text/plain");
            exchange.onDisconnect(() -> {
                throw new IllegalStateException("first");
            });
            exchange.onDisconnect(() -> events.add("second"));
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException stop) {
                throw new ClosedChannelException();
            }
        })) {
            try (RawClient client = server.connect()) {
                client.send(REQUEST);
                client.readUntil("\r\n\r\n");
            }
            assertTrue(server.warnings.take().contains("first"));
            assertEquals("second", events.take());
        }
    }
}
