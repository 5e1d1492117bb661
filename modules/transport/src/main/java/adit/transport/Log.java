package adit.transport;

/** Where a module writes its log lines. Formats are {@link String#format}'s; nothing is formatted when the level is off. */
public interface Log {
    /** Detail for whoever hunts a fault. */
    void debug(String format, Object... arguments);

    /** What an operator wants to know on an ordinary day. */
    void info(String format, Object... arguments);

    /** What went wrong and needs an eye: the default level shows it. */
    void warn(String format, Object... arguments);

    /** The same destination under the name of another module. */
    Log named(String module);

    /** A log that drops everything, for tests. */
    static Log silent() {
        return new Log() {
            @Override public void debug(String format, Object... arguments) {}

            @Override public void info(String format, Object... arguments) {}

            @Override public void warn(String format, Object... arguments) {}

            @Override public Log named(String module) {
                return this;
            }
        };
    }
}
