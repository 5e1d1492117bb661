package adit.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A real daemon in this process, in a directory of its own, on loopback; and commands given to it. */
final class TestDaemon implements AutoCloseable {
    private final Path directory;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final List<String> notices = new ArrayList<>();
    private final Daemon daemon;

    /** What a command left behind. */
    record Result(String out, String err, int code) {}

    TestDaemon(Path directory) throws IOException {
        this(directory, Map.of());
    }

    /** @param settings of the config, by their keys */
    TestDaemon(Path directory, Map<String, Object> settings) throws IOException {
        this.directory = directory;
        initialize(directory);
        DaemonDirectory files = new DaemonDirectory(directory);
        for (Map.Entry<String, Object> setting : settings.entrySet()) {
            Config config = files.config(files.identity(line -> {}).peerId(), line -> {});
            files.configFile().write(config.with(setting.getKey(), setting.getValue()));
        }
        daemon = new Daemon(new DaemonDirectory(directory), new DaemonLog(LogLevel.DEBUG, new PrintStream(log, true, StandardCharsets.UTF_8), false));
        daemon.start(notices::add);
    }

    /** Key and config, with one loopback address of any port; nothing goes out of this machine. */
    static void initialize(Path directory) throws IOException {
        DaemonDirectory files = new DaemonDirectory(directory);
        files.create();
        Config config = files.config(files.identity(line -> {}).peerId(), line -> {});
        files.configFile().write(config.with("Addresses.Swarm", List.of("/ip4/127.0.0.1/tcp/0")).with("Bootstrap", List.of())
                .with("Discovery.MDNS.Enabled", false));
    }

    Result run(String... words) {
        return run(directory, words);
    }

    static Result run(Path directory, String... words) {
        return run(directory, new ByteArrayInputStream(new byte[0]), words);
    }

    static Result run(Path directory, InputStream in, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(new Terminal(in, out, err, directory), words);
        return new Result(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), code);
    }

    Daemon daemon() {
        return daemon;
    }

    Path directory() {
        return directory;
    }

    String id() {
        return daemon.swarm().self().toString();
    }

    /** Where others reach it. */
    String address() {
        return daemon.swarm().listenAddresses().getFirst() + "/p2p/" + id();
    }

    List<String> notices() {
        return notices;
    }

    String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Override public void close() {
        daemon.close();
    }
}
