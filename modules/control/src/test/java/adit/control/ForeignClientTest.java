package adit.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** curl and Kubo's own command line as clients; each is looked for on the PATH. */
@Timeout(60)
final class ForeignClientTest {
    private static final String PEER = "12D3KooWEi5oFYBoiTjZ5jE5hfqhYB7xbpRFEwh7TsbYPV2bR4e5";

    @TempDir
    Path home;

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    record Result(int code, String output, String errors) {}

    @Test
    void curlPostsAndReadsTheAnswer() throws Exception {
        try (var server = new ScratchServer(ScratchServer::echo)) {
            assertEquals("POST /api/v0/p2p/ls {arg=[é]} ", curl(server, "-X", "POST", "http://adit/api/v0/p2p/ls?arg=%C3%A9").output());
            assertEquals("POST /api/v0/p2p/ls {} body", curl(server, "-d", "body", "http://adit/api/v0/p2p/ls").output());
            assertEquals("POST /1 {} POST /2 {} ", curl(server, "-X", "POST", "http://adit/1", "http://adit/2").output(),
                    "one connection, two requests");
            assertEquals("405 - Method Not Allowed\n", curl(server, "http://adit/api/v0/p2p/ls").output());
            Result head = curl(server, "-I", "http://adit/api/v0/p2p/ls");
            assertTrue(head.code() == 0 && head.output().contains("Allow: POST"), head.toString());
            assertEquals("403 - Forbidden\n", curl(server, "-X", "POST", "-H", "Origin: http://evil", "http://adit/").output());
        }
    }

    @Test
    void curlSendsALargeBodyAfterContinueAndInChunks() throws Exception {
        Path file = Files.writeString(home.resolve("body"), "x".repeat(1 << 20));
        try (var server = new ScratchServer(exchange -> {
            String length = Integer.toString(exchange.body().length);
            exchange.respond(200, "text/plain", length.getBytes(StandardCharsets.US_ASCII));
        })) {
            assertEquals("1048576", curl(server, "--data-binary", "@" + file, "-H", "Expect: 100-continue", "http://adit/").output());
            assertEquals("1048576", curl(server, "--data-binary", "@" + file, "-H", "Transfer-Encoding: chunked", "http://adit/").output());
            Result multipart = curl(server, "-F", "file=@" + home.resolve("body") + ";filename=x", "http://adit/");
            assertTrue(multipart.output().contains("larger than 1048576 bytes"), multipart.toString());
        }
    }

    @Test
    void curlSeesAStreamAndItsEnd() throws Exception {
        try (var server = new ScratchServer(exchange -> {
            exchange.startStreaming("application/json");
            exchange.write("{\"a\":1}\n".getBytes(StandardCharsets.US_ASCII));
            exchange.write("{\"a\":2}\n".getBytes(StandardCharsets.US_ASCII));
        })) {
            assertEquals(new Result(0, "{\"a\":1}\n{\"a\":2}\n", ""), curl(server, "-N", "-X", "POST", "http://adit/"));
        }
    }

    @Test
    void kuboPrintsAnAnswer() throws Exception {
        try (var server = new ScratchServer(this::kuboAnswers)) {
            assertEquals(new Result(0, "/x/ssh /p2p/" + PEER + " /ip4/127.0.0.1/tcp/22\n", ""), kubo(server, "p2p", "ls"));
            Result id = kubo(server, "id");
            assertTrue(id.code() == 0 && id.output().contains("\"ID\": \"" + PEER + "\""), id.toString());
            assertEquals(new Result(0, "/ip4/127.0.0.1/tcp/4001/p2p/" + PEER + "\n", ""), kubo(server, "swarm", "peers"));
            assertEquals(new Result(0, "", ""), kubo(server, "p2p", "listen", "/x/a", "/ip4/127.0.0.1/tcp/22"),
                    "an empty body is an empty answer");
            assertEquals(new Result(0, "Closed 2 stream(s)\n", ""), kubo(server, "p2p", "close", "--all"));
        }
    }

    @Test
    void kuboPrintsTheDaemonsErrors() throws Exception {
        try (var server = new ScratchServer(this::kuboAnswers)) {
            assertEquals(new Result(1, "", "Error: dial \"x\" failed\n"), kubo(server, "p2p", "stream", "ls"));
            Result refused = kubo(server, "p2p", "stream", "close", "x");
            assertTrue(refused.code() == 1 && refused.errors().startsWith("Error: not a peer id\nUse 'ipfs p2p stream close --help'"),
                    refused.toString());
            Result unknown = kubo(server, "stats", "bw");
            assertTrue(unknown.code() == 1 && unknown.errors().startsWith("Error: Command not found.\n"), unknown.toString());
        }
    }

    @Test
    void kuboPrintsAStreamAsItComesAndItsLateError() throws Exception {
        try (var server = new ScratchServer(this::kuboAnswers)) {
            Result listen = kubo(server, "p2p", "listen", "-f", "/x/late", "/ip4/127.0.0.1/tcp/22");
            assertEquals(1, listen.code());
            assertEquals("Listening on /x/late, forwarding to /ip4/127.0.0.1/tcp/22, waiting for interrupt...\n", listen.output());
            assertEquals("Error: tunnel was lost\n", listen.errors());
        }
    }

    @Test
    void kuboThatIsInterruptedEndsItsForegroundRequest() throws Exception {
        try (var server = new ScratchServer(this::kuboAnswers)) {
            Process process = start("ipfs", kuboArguments(server, "p2p", "listen", "-f", "/x/a", "/ip4/127.0.0.1/tcp/22"));
            var lines = process.inputReader();
            assertEquals("Listening on /x/a, forwarding to /ip4/127.0.0.1/tcp/22, waiting for interrupt...", lines.readLine());
            process.toHandle().destroy();
            assertEquals("removed", events.take());
            assertEquals(1, process.waitFor());
        }
    }

    @Test
    void kuboEndsWellWhenTheServerCloses() throws Exception {
        var server = new ScratchServer(this::kuboAnswers);
        try {
            Process process = start("ipfs", kuboArguments(server, "p2p", "listen", "-f", "/x/a", "/ip4/127.0.0.1/tcp/22"));
            assertTrue(process.inputReader().readLine().startsWith("Listening on /x/a"));
            server.server.close();
            assertEquals(0, process.waitFor());
        } finally {
            server.close();
        }
    }

    private void kuboAnswers(ControlExchange exchange) throws IOException {
        switch (exchange.path()) {
            case "/api/v0/version" -> json(exchange,
                    "{\"Version\":\"0.1.0\",\"Commit\":\"\",\"Repo\":\"0\",\"System\":\"\",\"Golang\":\"\"}");
            case "/api/v0/p2p/ls" -> json(exchange,
                    "{\"Listeners\":[{\"Protocol\":\"/x/ssh\",\"ListenAddress\":\"/p2p/" + PEER
                            + "\",\"TargetAddress\":\"/ip4/127.0.0.1/tcp/22\"}]}");
            case "/api/v0/id" -> json(exchange, "{\"ID\":\"" + PEER
                    + "\",\"PublicKey\":\"\",\"Addresses\":[],\"AgentVersion\":\"adit\",\"Protocols\":[]}");
            case "/api/v0/swarm/peers" -> json(exchange, "{\"Peers\":[{\"Addr\":\"/ip4/127.0.0.1/tcp/4001\",\"Peer\":\"" + PEER
                    + "\",\"Identify\":{}}]}");
            case "/api/v0/p2p/close" -> json(exchange, "2");
            case "/api/v0/p2p/listen" -> listen(exchange);
            case "/api/v0/p2p/stream/ls" -> exchange.respondError("dial \"x\" failed", 0);
            case "/api/v0/p2p/stream/close" -> exchange.respondError("not a peer id", 1);
            default -> exchange.respond(404, "text/plain", "404 page not found\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void listen(ControlExchange exchange) throws IOException {
        if (!exchange.query().containsKey("foreground")) {
            exchange.respond(200, "application/json", new byte[0]);
            return;
        }
        exchange.startStreaming("application/json");
        exchange.onDisconnect(() -> events.add("removed"));
        String protocol = exchange.query().get("arg").get(0);
        exchange.write(("{\"Status\":\"active\",\"Protocol\":\"" + protocol + "\",\"Address\":\"" + exchange.query().get("arg").get(1)
                + "\"}\n").getBytes(StandardCharsets.US_ASCII));
        if (protocol.equals("/x/late")) {
            exchange.failStreaming("tunnel was lost");
            return;
        }
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException gone) {
            throw new IOException("canceled", gone);
        }
    }

    private static void json(ControlExchange exchange, String text) throws IOException {
        exchange.respond(200, "application/json", (text + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private Result curl(ScratchServer server, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("-q", "-sS", "--unix-socket", server.socket.toString()));
        all.addAll(List.of(arguments));
        return run("curl", all);
    }

    private Result kubo(ScratchServer server, String... arguments) throws Exception {
        return run("ipfs", kuboArguments(server, arguments));
    }

    private static List<String> kuboArguments(ScratchServer server, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--api", "/unix" + server.socket));
        all.addAll(List.of(arguments));
        return all;
    }

    private Result run(String program, List<String> arguments) throws Exception {
        Path errors = home.resolve("errors");
        Process process = start(program, arguments, ProcessBuilder.Redirect.to(errors.toFile()));
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output, Files.readString(errors));
    }

    private Process start(String program, List<String> arguments) throws IOException {
        return start(program, arguments, ProcessBuilder.Redirect.DISCARD);
    }

    private Process start(String program, List<String> arguments, ProcessBuilder.Redirect errors) throws IOException {
        List<String> command = new ArrayList<>(List.of(onPath(program)));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectError(errors);
        builder.environment().put("IPFS_PATH", home.resolve("ipfs").toString());
        builder.environment().put("HOME", home.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private static String onPath(String program) {
        for (String folder : System.getenv("PATH").split(":")) {
            Path file = Path.of(folder, program);
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        return Assumptions.abort("SKIP: " + program + " is not on the PATH");
    }
}
