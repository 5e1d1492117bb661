package adit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything the demo puts up, so that it is taken down in any case: after the demo, after its failure, and on a signal, by a
 * shutdown hook. The monitor guards all; who comes to put up more after the end is refused.
 */
final class DemoStage implements AutoCloseable {
    private final Path directory;
    private final Thread hook = Thread.ofPlatform().name("demo clean-up").unstarted(this::interrupt);
    private final List<DemoDaemon> daemons = new ArrayList<>();
    private DemoService service;
    private boolean isClosed;
    private volatile boolean isInterrupted;

    DemoStage() throws IOException {
        directory = Files.createTempDirectory("adit-demo");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether a signal ended the demo: what fails after that is no failure to tell. */
    boolean isInterrupted() {
        return isInterrupted;
    }

    synchronized DemoService service(DemoData data) throws IOException {
        throwIfClosed();
        service = new DemoService(data);
        return service;
    }

    synchronized DemoDaemon daemon(String name) throws IOException {
        throwIfClosed();
        DemoDaemon daemon = DemoDaemon.start(directory.resolve(name));
        daemons.add(daemon);
        return daemon;
    }

    private void throwIfClosed() throws CommandException {
        if (isClosed) {
            throw new CommandException("interrupted");
        }
    }

    private void interrupt() {
        isInterrupted = true;
        try {
            takeDown();
        } catch (IOException failure) {
            // the process ends: there is nobody left to tell
        }
    }

    private synchronized void takeDown() throws IOException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        daemons.forEach(DemoDaemon::close);
        if (service != null) {
            service.close();
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    @Override public void close() throws IOException {
        if (isInterrupted) {
            return;
        }
        takeDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingAlready) {
            // the hook will find nothing to do
        }
    }
}
