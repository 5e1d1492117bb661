package adit.dht;

import adit.transport.Log;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the lines for the test to look at. */
final class RecordingLog implements Log {
    final List<String> details = new CopyOnWriteArrayList<>();
    final List<String> warnings = new CopyOnWriteArrayList<>();

    @Override public void debug(String format, Object... arguments) {
        details.add(format.formatted(arguments));
    }

    @Override public void info(String format, Object... arguments) {
        details.add(format.formatted(arguments));
    }

    @Override public void warn(String format, Object... arguments) {
        warnings.add(format.formatted(arguments));
    }

    @Override public Log named(String module) {
        return this;
    }
}
