package adit.cli;

import adit.transport.Log;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** The daemon's log, one line per message: time, level, module, text, or the same as JSON. Each module has a level, which can be changed while it runs. */
final class DaemonLog {
    private final ConcurrentSkipListMap<String, AtomicReference<LogLevel>> levels = new ConcurrentSkipListMap<>();
    private final List<LogReader> readers = new CopyOnWriteArrayList<>();
    private final LogLevel initial;
    private final PrintStream out;
    private final boolean isJson;

    /** @param isJson each line is an object, for programs that read it */
    DaemonLog(LogLevel initial, PrintStream out, boolean isJson) {
        this.initial = initial;
        this.out = out;
        this.isJson = isJson;
    }

    Log module(String name) {
        return new ModuleLog(name, levels.computeIfAbsent(name, ignored -> new AtomicReference<>(initial)));
    }

    /** False when there is no such module. */
    boolean setLevel(String module, LogLevel level) {
        AtomicReference<LogLevel> current = levels.get(module);
        if (current != null) {
            current.set(level);
        }
        return current != null;
    }

    void setLevels(LogLevel level) {
        levels.values().forEach(current -> current.set(level));
    }

    SortedMap<String, LogLevel> levels() {
        SortedMap<String, LogLevel> all = new TreeMap<>();
        levels.forEach((module, level) -> all.put(module, level.get()));
        return all;
    }

    /** It gets every line from now on. */
    void add(LogReader reader) {
        readers.add(reader);
    }

    void remove(LogReader reader) {
        readers.remove(reader);
    }

    private void write(LogLevel level, String module, String format, Object... arguments) {
        String text;
        try {
            text = String.format(format, arguments);
        } catch (java.util.IllegalFormatException broken) {
            text = format;
        }
        LogLine line = new LogLine(Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(), level, module, oneLine(text));
        out.println(isJson ? line.json() : line);
        readers.forEach(reader -> reader.add(line));
    }

    /** What peers send ends up here: it must not be able to forge a line or to move the cursor. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isHarmless = Character.getType(c) != Character.CONTROL && Character.getType(c) != Character.FORMAT
                    && Character.getType(c) != Character.LINE_SEPARATOR && Character.getType(c) != Character.PARAGRAPH_SEPARATOR;
            line.append(isHarmless ? c : '?');
        }
        return line.toString();
    }

    private final class ModuleLog implements Log {
        private final String module;
        private final AtomicReference<LogLevel> level;

        ModuleLog(String module, AtomicReference<LogLevel> level) {
            this.module = module;
            this.level = level;
        }

        @Override public void debug(String format, Object... arguments) {
            writeFrom(LogLevel.DEBUG, format, arguments);
        }

        @Override public void info(String format, Object... arguments) {
            writeFrom(LogLevel.INFO, format, arguments);
        }

        @Override public void warn(String format, Object... arguments) {
            writeFrom(LogLevel.WARN, format, arguments);
        }

        private void writeFrom(LogLevel least, String format, Object... arguments) {
            if (level.get().compareTo(least) <= 0) {
                write(least, module, format, arguments);
            }
        }

        @Override public Log named(String other) {
            return module(other);
        }
    }
}
