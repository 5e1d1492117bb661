package adit.cli;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of the demo's daemons: a process of its own with a directory of its own. */
final class DemoDaemon implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final String LOG = "daemon.log";

    private final Path directory;
    private final Process process;
    private final Duration startTime;

    private DemoDaemon(Path directory, Process process, Duration startTime) {
        this.directory = directory;
        this.process = process;
        this.startTime = startTime;
    }

    /** Starts a daemon in a new directory; returns when it is ready. */
    static DemoDaemon start(Path directory) throws IOException {
        DaemonDirectory files = new DaemonDirectory(directory);
        files.create();
        files.configFile().write(Config.of(Map.of("Addresses", Map.of("Swarm", List.of("/ip4/127.0.0.1/tcp/0")), "Bootstrap", List.of(),
                "Discovery", Map.of("MDNS", Map.of("Enabled", false)))));
        ProcessBuilder builder = new ProcessBuilder(command("daemon")).redirectError(directory.resolve(LOG).toFile());
        builder.environment().put("ADIT_PATH", directory.toString());
        long start = System.nanoTime();
        Process process = builder.start();
        boolean isReady = false;
        try {
            awaitReady(process, directory);
            isReady = true;
            return new DemoDaemon(directory, process, Duration.ofNanos(System.nanoTime() - start));
        } finally {
            if (!isReady) {
                process.destroyForcibly();
            }
        }
    }

    /** This program again: by its launcher where there was one, since that knows the daemon's options of the JVM. */
    private static List<String> command(String... words) {
        List<String> command = new ArrayList<>();
        String launcher = System.getenv("ADIT_LAUNCHER");
        if (launcher != null) {
            command.add(launcher);
        } else {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            Module module = Main.class.getModule();
            command.addAll(module.isNamed()
                    ? List.of("-p", System.getProperty("jdk.module.path"), "-m", module.getName() + "/" + Main.class.getName())
                    : List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        }
        command.addAll(Arrays.asList(words));
        return command;
    }

    private static void awaitReady(Process process, Path directory) throws IOException {
        Thread limit = Thread.ofVirtual().start(() -> endUnlessStarted(process));
        try {
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("Daemon is ready")) {
                    return;
                }
            }
        } finally {
            limit.interrupt();
        }
        String said = Files.readString(directory.resolve(LOG)).strip();
        throw new CommandException("a daemon did not start: " + (said.isEmpty() ? "it said nothing" : said));
    }

    private static void endUnlessStarted(Process process) {
        try {
            if (!process.waitFor(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException started) {
            Thread.currentThread().interrupt();
        }
    }

    /** From the start of its process until it served commands. */
    Duration startTime() {
        return startTime;
    }

    /** Runs one of adit's commands against this daemon; what it printed. */
    String run(String... words) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        if (Main.run(new Terminal(InputStream.nullInputStream(), out, err, directory), words) != 0) {
            throw new CommandException("\"adit " + String.join(" ", words) + "\" failed: " + err.toString(StandardCharsets.UTF_8).strip());
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Its memory in main memory now, bytes; 0 where the system does not tell. */
    long residentBytes() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (Files.exists(status)) {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.substring("VmRSS:".length(), line.lastIndexOf(' ')).strip()) * 1024;
                }
            }
        }
        return 0;
    }

    /** Asks it to end, and ends it when it does not. */
    @Override public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException hurry) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
