package adit.cli;

import java.util.Locale;

/** How much a module logs: its own level and all behind it. */
enum LogLevel {
    DEBUG, INFO, WARN, ERROR;

    /** @throws UsageException when there is none of that name */
    static LogLevel named(String name) {
        for (LogLevel level : values()) {
            if (level.toString().equals(name)) {
                return level;
            }
        }
        throw new UsageException("log level \"" + name + "\" is not known: debug, info, warn and error are", null);
    }

    @Override public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
