package adit.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every limit and every timeout of ControlSettings, and what it stops. */
@Timeout(30)
final class ConnectionLimitsTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final String REQUEST = "POST / HTTP/1.1\r\nHost: adit\r\n\r\n";

    @Test
    void requestLineUpToTheLimitIsServedAndALongerOneIs414() throws IOException {
        String around = "POST / HTTP/1.1";
        assertStatus(200, "POST /" + "a".repeat(1024 - around.length()) + " HTTP/1.1\r\nHost: adit\r\nConnection: close\r\n\r\n");
        assertStatus(414, "POST /" + "a".repeat(1025 - around.length()) + " HTTP/1.1\r\nHost: adit\r\nConnection: close\r\n\r\n");
    }

    @Test
    void headersUpToTheLimitAreServedAndMoreAre431() throws IOException {
        String lines = "Host: adit\r\nConnection: close\r\n";
        String padding = "X: " + "y".repeat(2048 - lines.length() - 5) + "\r\n";
        assertStatus(200, "POST / HTTP/1.1\r\n" + lines + padding + "\r\n");
        assertStatus(431, "POST / HTTP/1.1\r\n" + lines + padding.replace("X:", "XX:") + "a: b\r\n\r\n");
        assertStatus(431, "POST / HTTP/1.1\r\n" + lines + "a: b\r\n".repeat(400) + "\r\n");
    }

    @Test
    void endlessHeaderEndsAtTheLimit() throws IOException {
        assertEndless("POST / HTTP/1.1\r\nHost: adit\r\n", "X-Endless: yes\r\n", 431);
        assertEndless("POST / HTTP/1.1\r\nHost: adit\r\nX: ", "yyyyyyyyyyyyyyyyyyyy", 431);
        assertEndless("POST /", "aaaaaaaaaaaaaaaaaaaa", 414);
        assertEndless("POST / HTTP/1.1\r\nHost: adit\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", 413);
        assertEndless("POST / HTTP/1.1\r\nHost: adit\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X-Trailer: endless\r\n", 431);
    }

    /** Sends the repeated part until the server no longer takes it, then reads its answer. */
    private static void assertEndless(String start, String repeated, int status) throws IOException {
        try (var server = new ScratchServer(ScratchServer.small(), ScratchServer::echo); RawClient client = server.connect()) {
            client.send(start);
            String block = repeated.repeat(200);
            long sent = 0;
            try {
                for (; sent < 50_000_000; sent += block.length()) {
                    client.send(block);
                }
            } catch (IOException refused) {
                // broken pipe: as it should be
            }
            assertTrue(sent < 50_000_000, "server reads without end");
            assertTrue(client.readAll().startsWith("HTTP/1.1 " + status + " "));
        }
    }

    @Test
    void bodyUpToTheLimitIsServedAndALargerOneIs413() throws IOException {
        String head = "POST / HTTP/1.1\r\nHost: adit\r\nConnection: close\r\n";
        assertStatus(200, head + "Content-Length: 4096\r\n\r\n" + "x".repeat(4096));
        assertStatus(413, head + "Content-Length: 4097\r\n\r\n" + "x".repeat(4097));
        assertStatus(413, head + "Content-Length: 999999999999999999\r\n\r\n");
        assertStatus(200, head + "Transfer-Encoding: chunked\r\n\r\n1000\r\n" + "x".repeat(4096) + "\r\n0\r\n\r\n");
        assertStatus(413, head + "Transfer-Encoding: chunked\r\n\r\n1000\r\n" + "x".repeat(4096) + "\r\n1\r\nx\r\n0\r\n\r\n");
        assertStatus(413, head + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n" + "x".repeat(5000));
    }

    @Test
    void requestThatDripsIsTimedOut() throws IOException {
        for (String start : List.of("P", "POST / HTTP/1.1\r\nHost: adit\r\n",
                "POST / HTTP/1.1\r\nHost: adit\r\nContent-Length: 9999\r\n\r\nx")) {
            var settings = new ControlSettings(1024, 2048, 10_000, 10_000, Duration.ZERO, SHORT, LONG, LONG, 100_000, 16);
            try (var drip = Executors.newSingleThreadScheduledExecutor(); var server = new ScratchServer(settings, ScratchServer::echo);
                    RawClient client = server.connect()) {
                client.send(start);
                drip.scheduleAtFixedRate(() -> drop(client), 5, 5, TimeUnit.MILLISECONDS);
                assertTrue(client.readAll().startsWith("HTTP/1.1 408 "), start);
                drip.shutdownNow();
            }
        }
    }

    @Test
    void largeBodiesAreTakenOneAfterAnother() throws IOException {
        String large = "POST / HTTP/1.1\r\nHost: adit\r\nConnection: close\r\nContent-Length: 1001\r\n\r\n";
        String small = "POST / HTTP/1.1\r\nHost: adit\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(1000);
        var settings = new ControlSettings(1024, 2048, 4096, 1000, Duration.ZERO, LONG, LONG, LONG, 100_000, 16);
        try (var server = new ScratchServer(settings, ScratchServer::echo); RawClient first = server.connect(); RawClient second = server.connect()) {
            first.send("POST / HTTP/1.1\r\nHost: adit\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
            first.readUntil("HTTP/1.1 100 Continue\r\n\r\n");
            second.send(large + "x".repeat(1001));
            assertTrue(server.talk(small).startsWith("HTTP/1.1 200"), "a small one need not wait");
            second.channel.configureBlocking(false);
            assertEquals(0, second.channel.read(ByteBuffer.allocate(1)), "the second has no answer");
            second.channel.configureBlocking(true);
            first.send("x".repeat(1001));
            assertTrue(first.readAll().startsWith("HTTP/1.1 200"));
            assertTrue(second.readAll().startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void largeBodyThatIsNeverLetInIs503AndSoIsOneDuringThePause() throws IOException {
        var settings = new ControlSettings(1024, 2048, 4096, 1000, LONG, SHORT.multipliedBy(10), LONG, LONG, 100_000, 16);
        String chunked = "POST / HTTP/1.1\r\nHost: adit\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n";
        try (var server = new ScratchServer(settings, ScratchServer::echo)) {
            assertTrue(server.talk(chunked).startsWith("HTTP/1.1 200"));
            assertTrue(server.talk(chunked).startsWith("HTTP/1.1 503"));
            assertTrue(server.talk(REQUEST.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 200"), "others are served");
        }
    }

    @Test
    void refusedClientsThatSendOnAreReadOneAfterAnother() throws IOException {
        var settings = new ControlSettings(1024, 2048, 2 << 20, 4096, LONG, LONG, LONG, LONG, 100_000, 16);
        String head = "PUT / HTTP/1.1\r\nHost: adit\r\nContent-Length: 1000000\r\n\r\n";
        try (var server = new ScratchServer(settings, ScratchServer::echo); RawClient first = server.connect(); RawClient second = server.connect()) {
            first.send(head + "x".repeat(1_000_000));
            assertTrue(first.readAll().startsWith("HTTP/1.1 405 "));
            second.send(head);
            assertThrows(IOException.class, () -> second.send("x".repeat(1_000_000)), "it is let go after a moment, the pause is longer");
            assertTrue(second.readAll().startsWith("HTTP/1.1 405 "), "but has its answer");
            assertTrue(server.talk(head).startsWith("HTTP/1.1 405 "), "who has sent no more is not concerned");
        }
    }

    @Test
    void noMoreConnectionsAreAcceptedThanSoManyASecond() throws IOException {
        var settings = new ControlSettings(1024, 2048, 4096, 4096, Duration.ZERO, LONG, LONG, LONG, 10, 2);
        try (var server = new ScratchServer(settings, ScratchServer::echo)) {
            long begin = System.nanoTime();
            for (int number = 0; number < 8; number++) {
                assertTrue(server.talk("POST / HTTP/1.1\r\nHost: adit\r\nConnection: close\r\n\r\n").startsWith("HTTP/1.1 200"));
            }
            Duration time = Duration.ofNanos(System.nanoTime() - begin);
            assertTrue(time.toMillis() >= 650, "8, the first at once: " + time);
        }
    }

    private static void drop(RawClient client) {
        try {
            client.send("X");
        } catch (IOException refused) {
            throw new java.io.UncheckedIOException("ends the schedule", refused);
        }
    }

    @Test
    void connectionWithoutARequestIsClosed() throws IOException {
        try (var server = new ScratchServer(ScratchServer.settings(LONG, SHORT, LONG, 16), ScratchServer::echo);
                RawClient silent = server.connect(); RawClient served = server.connect()) {
            served.send(REQUEST);
            assertTrue(served.readUntil("POST / {} ").startsWith("HTTP/1.1 200"));
            assertEquals("", served.readAll());
            assertEquals("", silent.readAll());
        }
    }

    @Test
    void handlerMayTakeLongerThanEveryTimeout() throws Exception {
        var release = new java.util.concurrent.CountDownLatch(1);
        try (var server = new ScratchServer(ScratchServer.settings(SHORT, SHORT, SHORT, 16), exchange -> {
            await(release);
            ScratchServer.echo(exchange);
        }); RawClient slow = server.connect(); RawClient timedOut = server.connect()) {
            slow.send(REQUEST);
            assertEquals("", timedOut.readAll(), "its timeout has passed, so the other's would have too");
            release.countDown();
            assertTrue(slow.readUntil("POST / {} ").startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void clientThatDoesNotReadItsAnswerLosesItsConnection() throws Exception {
        var failures = new LinkedBlockingQueue<IOException>();
        byte[] big = new byte[4 << 20];
        try (var server = new ScratchServer(ScratchServer.settings(LONG, LONG, SHORT, 16), exchange -> {
            try {
                if (exchange.path().equals("/whole")) {
                    exchange.respond(200, "text/plain", big);
                } else {
                    exchange.startStreaming("text/plain");
                    exchange.write(big);
                }
            } catch (IOException closed) {
                failures.add(closed);
                throw closed;
            }
        }); RawClient whole = server.connect(); RawClient streamed = server.connect()) {
            whole.send("POST /whole HTTP/1.1\r\nHost: adit\r\n\r\n");
            failures.take();
            streamed.send("POST /streamed HTTP/1.1\r\nHost: adit\r\n\r\n");
            failures.take();
        }
    }

    @Test
    void connectionBeyondTheLimitIsToldSoAndTheOthersLive() throws IOException {
        int limit = 8;
        List<RawClient> held = new ArrayList<>();
        try (var server = new ScratchServer(ScratchServer.settings(LONG, LONG, LONG, limit), ScratchServer::echo)) {
            for (int i = 0; i < limit; i++) {
                RawClient client = server.connect();
                client.send(REQUEST);
                client.readUntil("POST / {} ");
                held.add(client);
            }
            for (int i = 0; i < 1000; i++) {
                String answer = server.talk(REQUEST);
                assertTrue(answer.startsWith("HTTP/1.1 503 ") && answer.contains("8 control connections"), answer);
            }
            for (RawClient client : held) {
                client.send(REQUEST);
                assertTrue(client.readUntil("POST / {} ").startsWith("HTTP/1.1 200"));
            }
            held.removeFirst().close();
            assertTrue(eventuallyServed(server), "a place that was freed can be taken");
        } finally {
            for (RawClient client : held) {
                client.close();
            }
        }
    }

    @Test
    void thousandsOfConnectionsHeldOpenTakeNoMoreThanTheLimit() throws IOException {
        List<RawClient> held = new ArrayList<>();
        try (var server = new ScratchServer(ScratchServer.settings(LONG, LONG, LONG, 128), ScratchServer::echo)) {
            for (int i = 0; i < 4000; i++) {
                held.add(server.connect());
            }
            int told = 0;
            for (RawClient client : held.subList(128, held.size())) {
                String answer = client.readAll();
                told += answer.startsWith("HTTP/1.1 503 ") ? 1 : 0;
                assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 503 "));
            }
            assertTrue(told >= 128, "told why: " + told);
            for (RawClient client : held.subList(0, 128)) {
                client.send(REQUEST);
                client.readUntil("POST / {} ");
            }
        } finally {
            for (RawClient client : held) {
                client.close();
            }
        }
    }

    @Test
    void serverThatRunsOutOfDescriptorsServesAgainWhenSomeAreFreed() throws Exception {
        Path directory = Files.createTempDirectory("adit");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder("/bin/sh", "-c", "ulimit -n 80 && exec \"$@\"", "sh", java, "-cp",
                System.getProperty("java.class.path"), Daemon.class.getName(), directory.resolve("s").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<RawClient> held = new ArrayList<>();
        try (var lines = process.inputReader()) {
            assertEquals("ready", lines.readLine());
            for (int i = 0; i < 100; i++) {
                held.add(new RawClient(directory.resolve("s")));
            }
            assertTrue(lines.readLine().startsWith("control: cannot accept a connection"));
            for (RawClient client : held) {
                client.close();
            }
            try (ControlResponse response = new ControlClient(directory.resolve("s")).request("/", List.of())) {
                assertEquals(200, response.status());
            }
        } finally {
            process.destroyForcibly().waitFor();
            Files.delete(directory.resolve("s"));
            Files.delete(directory);
        }
    }

    /** A server in a process of its own, whose descriptors are limited; prints its warnings. */
    static final class Daemon {
        private Daemon() {}

        public static void main(String[] arguments) throws IOException {
            try (var server = new ControlServer(Path.of(arguments[0]), ScratchServer::echo, ScratchServer.settings(LONG, LONG, LONG, 1000), null,
                    System.out::println)) {
                server.start();
                loadPollers();
                System.out.println("ready");
                System.in.read();
            }
        }

        /** The JDK's pollers of virtual threads need descriptors, and are lost for good when there are none at their first use. */
        private static void loadPollers() throws IOException {
            Pipe pipe = Pipe.open();
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    pipe.source().read(ByteBuffer.allocate(1));
                } catch (IOException closed) {
                    // its work is done
                }
            });
            while (reader.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            pipe.sink().close();
        }
    }

    @Test
    void slowlorisIsOverAfterTheRequestTimeout() throws IOException {
        List<RawClient> held = new ArrayList<>();
        try (var server = new ScratchServer(ScratchServer.settings(SHORT, LONG, LONG, 16), ScratchServer::echo)) {
            for (int i = 0; i < 16; i++) {
                RawClient client = server.connect();
                client.send("POST / HTTP/1.1\r\nX-Slow: ");
                held.add(client);
            }
            for (RawClient client : held) {
                assertTrue(client.readAll().startsWith("HTTP/1.1 408 "));
            }
            assertTrue(eventuallyServed(server));
        } finally {
            for (RawClient client : held) {
                client.close();
            }
        }
    }

    @Test
    void refusedClientThatSendsOnReadsWhy() throws Exception {
        var settings = new ControlSettings(1024, 2048, 2 << 20, 4096, Duration.ZERO, LONG, LONG, LONG, 100_000, 16);
        try (var server = new ScratchServer(settings, ScratchServer::echo); RawClient client = server.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: adit\r\nContent-Length: 1000000\r\n\r\n");
            ByteBuffer body = ByteBuffer.allocate(1_000_000);
            while (body.hasRemaining()) {
                client.channel.write(body);
            }
            assertTrue(client.readAll().startsWith("HTTP/1.1 405 "));
        }
    }

    /** Whether a new connection is served, once the server has seen the end of an old one. */
    private static boolean eventuallyServed(ScratchServer server) throws IOException {
        for (int attempt = 0; attempt < 10_000; attempt++) {
            if (server.talk("POST / HTTP/1.1\r\nHost: adit\r\nConnection: close\r\n\r\n").startsWith("HTTP/1.1 200")) {
                return true;
            }
        }
        return false;
    }

    private static void await(java.util.concurrent.CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            throw new IOException(stop);
        }
    }

    private static void assertStatus(int status, String request) throws IOException {
        try (var server = new ScratchServer(ScratchServer.small(), ScratchServer::echo)) {
            String answer = server.talk(request);
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        }
    }
}
