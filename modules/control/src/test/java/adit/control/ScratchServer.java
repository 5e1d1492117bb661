package adit.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A control server in a directory of its own, with whatever handler a test wants. */
final class ScratchServer implements AutoCloseable {
    final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();
    final Path directory;
    final Path socket;
    final ControlServer server;

    ScratchServer(ControlHandler handler) throws IOException {
        this(ControlSettings.defaults(), handler);
    }

    ScratchServer(ControlSettings settings, ControlHandler handler) throws IOException {
        this(settings, null, handler);
    }

    ScratchServer(ControlSettings settings, GroupAccess group, ControlHandler handler) throws IOException {
        directory = Files.createTempDirectory("adit");
        socket = directory.resolve("api.sock");
        server = new ControlServer(socket, handler, settings, group, warnings::add);
        server.start();
    }

    /** Settings of small limits and short times, with long ones where a test only wants them out of the way. */
    static ControlSettings settings(Duration request, Duration idle, Duration write, int connections) {
        return new ControlSettings(1024, 2048, 4096, 4096, Duration.ZERO, request, idle, write, 100_000, connections);
    }

    static ControlSettings small() {
        return settings(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30), 16);
    }

    RawClient connect() throws IOException {
        return new RawClient(socket);
    }

    /** Sends text on a connection of its own and returns all that comes back until the server closes. */
    String talk(String request) throws IOException {
        try (RawClient client = connect()) {
            client.send(request);
            return client.readAll();
        }
    }

    ControlClient client() {
        return new ControlClient(socket);
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(directory);
    }

    /** Answers "METHOD path query body" as text. */
    static void echo(ControlExchange exchange) throws IOException {
        String text = exchange.method() + " " + exchange.path() + " " + exchange.query() + " "
                + new String(exchange.body(), StandardCharsets.UTF_8);
        exchange.respond(200, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }
}
