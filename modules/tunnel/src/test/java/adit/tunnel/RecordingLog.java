package adit.tunnel;

import adit.transport.Log;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what was logged. */
final class RecordingLog implements Log {
    final List<String> debugs = new CopyOnWriteArrayList<>();
    final List<String> warnings = new CopyOnWriteArrayList<>();

    @Override public void debug(String format, Object... arguments) {
        debugs.add(format.formatted(arguments));
    }

    @Override public void info(String format, Object... arguments) {}

    @Override public void warn(String format, Object... arguments) {
        warnings.add(format.formatted(arguments));
    }

    @Override public Log named(String module) {
        return this;
    }

    String awaitWarning(String part) throws InterruptedException {
        Conditions.await(() -> warnings.stream().anyMatch(line -> line.contains(part)));
        return warnings.stream().filter(line -> line.contains(part)).findFirst().orElseThrow();
    }
}
