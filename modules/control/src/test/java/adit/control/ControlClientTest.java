package adit.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
final class ControlClientTest {
    private static final String PATH = "/api/v0/p2p/ls";

    @Test
    void answerArrivesWithStatusHeadersAndBody() throws IOException {
        try (var server = new ScratchServer(ScratchServer::echo);
                ControlResponse response = server.client().request(PATH,
                        List.of(Map.entry("arg", "/x/a b&c=d+%é"), Map.entry("arg", "2"), Map.entry("v", "")))) {
            assertEquals(200, response.status());
            assertEquals("text/plain", response.contentType());
            assertNull(response.header("trailer"));
            assertEquals("POST /api/v0/p2p/ls {arg=[/x/a b&c=d+%é, 2], v=[]} ", text(response));
        }
    }

    @Test
    void kuboErrorArrivesAsJson() throws IOException {
        try (var server = new ScratchServer(exchange -> exchange.respondError("no \"such\"\n\\thing\u0001 é", 0));
                ControlResponse response = server.client().request(PATH, List.of())) {
            assertEquals(500, response.status());
            assertEquals("application/json", response.contentType());
            assertEquals("{\"Message\":\"no \\\"such\\\"\\u000a\\\\thing\\u0001 é\",\"Code\":0,\"Type\":\"error\"}\n", text(response));
        }
    }

    @Test
    void clientErrorCodeIsStatus400() throws IOException {
        try (var server = new ScratchServer(exchange -> exchange.respondError("argument \"protocol\" is required", 1));
                ControlResponse response = server.client().request(PATH, List.of())) {
            assertEquals(400, response.status());
        }
    }

    @Test
    void streamedAnswerArrivesPieceByPiece() throws IOException {
        var answers = new java.util.concurrent.SynchronousQueue<String>();
        try (var server = new ScratchServer(exchange -> {
            exchange.startStreaming("application/json");
            for (String next = take(answers); !next.isEmpty(); next = take(answers)) {
                exchange.write(next.getBytes(StandardCharsets.UTF_8));
            }
        }); ControlResponse response = server.client().request(PATH, List.of())) {
            assertEquals("1", response.header("x-chunked-output"));
            for (String piece : List.of("one", "two")) {
                put(answers, piece);
                assertEquals(piece, new String(response.body().readNBytes(3), StandardCharsets.UTF_8));
            }
            put(answers, "");
            assertEquals(-1, response.body().read());
            assertEquals(-1, response.body().read());
        }
    }

    @Test
    void streamThatFailsThrowsTheDaemonsMessageAfterItsData() throws IOException {
        try (var server = new ScratchServer(exchange -> {
            exchange.startStreaming("text/plain");
            exchange.write("data".getBytes(StandardCharsets.UTF_8));
            exchange.failStreaming("peer is gone: é\r\nX-Evil: 1");
        }); ControlResponse response = server.client().request(PATH, List.of())) {
            assertEquals("1", response.header("x-stream-output"));
            assertEquals("data", new String(response.body().readNBytes(4), StandardCharsets.UTF_8));
            var failure = assertThrows(StreamFailedException.class, () -> response.body().read());
            assertEquals("peer is gone: é  X-Evil: 1", failure.getMessage());
        }
    }

    @Test
    void noSocketMeansNoDaemon(@TempDir Path directory) {
        var client = new ControlClient(directory.resolve("api.sock"));
        assertThrows(DaemonNotRunningException.class, () -> client.request(PATH, List.of()));
        assertThrows(DaemonNotRunningException.class, () -> client.upgrade(PATH, List.of(), "x"));
    }

    @Test
    void socketOfACrashedDaemonMeansNoDaemon(@TempDir Path directory) throws IOException {
        Path socket = directory.resolve("api.sock");
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(socket));
        }
        assertTrue(Files.exists(socket));
        assertThrows(DaemonNotRunningException.class, () -> new ControlClient(socket).request(PATH, List.of()));
    }

    @Test
    void daemonThatDiesMidAnswerIsNeverAShorterAnswer(@TempDir Path directory) throws IOException {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
        for (String answer : List.of(head + "Content-Length: 10\r\n\r\nabc", head + "Transfer-Encoding: chunked\r\n\r\n5\r\nab", head
                + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", head + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n")) {
            try (var script = new ScriptedDaemon(directory.resolve("s"), answer);
                    ControlResponse response = script.client().request(PATH, List.of())) {
                assertThrows(EOFException.class, () -> response.body().readAllBytes(), answer);
            }
        }
    }

    @Test
    void whatIsNotHttpIsAnIoException(@TempDir Path directory) throws IOException {
        for (String answer : List.of("", "SSH-2.0-x\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 999 OK\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\n: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: " + "y".repeat(70_000))) {
            try (var script = new ScriptedDaemon(directory.resolve("s"), answer)) {
                assertThrows(IOException.class, () -> script.client().request(PATH, List.of()), answer);
            }
        }
    }

    @Test
    void malformedChunksAreAnIoException(@TempDir Path directory) throws IOException {
        for (String chunks : List.of("x\r\n", "\r\n", "-1\r\n", "1000000000000000\r\n", "2\r\nabc\r\n0\r\n\r\n",
                "2;" + "e".repeat(300) + "\r\n", "0\r\n x: y\r\n\r\n")) {
            try (var script = new ScriptedDaemon(directory.resolve("s"), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
                    ControlResponse response = script.client().request(PATH, List.of())) {
                assertThrows(IOException.class, () -> response.body().readAllBytes(), chunks);
            }
        }
    }

    @Test
    void interimAnswersAreSkipped(@TempDir Path directory) throws IOException {
        String answer = "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok";
        try (var script = new ScriptedDaemon(directory.resolve("s"), answer);
                ControlResponse response = script.client().request(PATH, List.of())) {
            assertEquals("ok", text(response));
        }
    }

    @Test
    void fullBacklogIsWaitedForOnVirtualAndPlatformThreads(@TempDir Path directory) throws Exception {
        Path socket = directory.resolve("s");
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket), 1);
                var first = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                var second = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            var answers = new java.util.concurrent.LinkedBlockingQueue<String>();
            Runnable ask = () -> {
                try (ControlResponse response = new ControlClient(socket).request(PATH, List.of())) {
                    answers.add(text(response));
                } catch (IOException failure) {
                    answers.add(failure.toString());
                }
            };
            Thread.ofVirtual().start(ask);
            Thread.ofPlatform().start(ask);
            for (int i = 0; i < 4; i++) {
                try (SocketChannel accepted = listener.accept()) {
                    accepted.write(ByteBuffer.wrap("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII)));
                    if (i >= 2) {
                        accepted.read(ByteBuffer.allocate(4096));
                    }
                }
            }
            assertEquals("ok", answers.take());
            assertEquals("ok", answers.take());
            assertTrue(first.isConnected() && second.isConnected());
        }
    }

    @Test
    void upgradeHandsOverTheSocketAndWhatHadArrived() throws IOException {
        try (var server = new ScratchServer(exchange -> {
            try (SocketChannel channel = exchange.upgrade("adit-stream").channel()) {
                channel.write(ByteBuffer.wrap("early".getBytes(StandardCharsets.US_ASCII)));
                ByteBuffer question = ByteBuffer.allocate(16);
                channel.read(question);
                channel.write(question.flip());
            }
        })) {
            ControlExchange.Upgraded upgraded = server.client().upgrade("/api/v0/p2p/nc", List.of(Map.entry("arg", "/x/a")), "adit-stream");
            try (SocketChannel channel = upgraded.channel()) {
                channel.write(ByteBuffer.wrap("ping".getBytes(StandardCharsets.US_ASCII)));
                InputStream rest = java.nio.channels.Channels.newInputStream(channel);
                String all = new String(upgraded.initial(), StandardCharsets.US_ASCII)
                        + new String(rest.readAllBytes(), StandardCharsets.US_ASCII);
                assertEquals("earlyping", all);
            }
        }
    }

    @Test
    void refusedUpgradeCarriesTheDaemonsAnswer() throws IOException {
        try (var server = new ScratchServer(exchange -> exchange.respondError("no such peer", 0))) {
            var refusal = assertThrows(UpgradeRefusedException.class, () -> server.client().upgrade(PATH, List.of(), "adit-stream"));
            assertEquals(500, refusal.status());
            assertEquals("application/json", refusal.contentType());
            assertTrue(new String(refusal.body(), StandardCharsets.UTF_8).contains("no such peer"));
        }
    }

    private static String text(ControlResponse response) throws IOException {
        return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String take(java.util.concurrent.SynchronousQueue<String> queue) {
        try {
            return queue.take();
        } catch (InterruptedException stop) {
            return "";
        }
    }

    private static void put(java.util.concurrent.SynchronousQueue<String> queue, String text) {
        try {
            queue.put(text);
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }
}
