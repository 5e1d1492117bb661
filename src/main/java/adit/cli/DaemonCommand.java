package adit.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs the daemon in this process until a signal or `adit shutdown`. */
final class DaemonCommand extends Command {
    private static final int KILLED = 255;

    DaemonCommand() {
        super(new Syntax("daemon", "", List.of(), List.of(
                Option.flag("accepted for Kubo's scripts: what is missing is always created", "init"),
                Option.valued("LEVEL", "what to log: debug, info, warn or error (default: info)", "log-level"),
                Option.valued("FORMAT", "how: text, or json, an object a line (default: text)", "log-format")),
                "run the daemon", """
                Creates the identity and the config in ADIT_PATH (default: ~/.adit) when they are missing. Prints "Daemon is ready" and
                writes the file "api" there once commands are served. SIGINT and SIGTERM end it in order, a second one at once. SIGHUP makes it
                use the tunnels that config.json has now, see "adit config reload".

                Example: adit daemon &"""));
    }

    @Override
    int run(Invocation invocation, Terminal terminal) throws IOException {
        String level = invocation.option("log-level");
        DaemonLog logs = new DaemonLog(level == null ? LogLevel.INFO : LogLevel.named(level), new PrintStream(terminal.err(), true),
                isJson(invocation.option("log-format")));
        Daemon daemon = new Daemon(new DaemonDirectory(terminal.directory()), logs);
        Systemd systemd = Systemd.of(System.getenv(), daemon);
        catchSignals(daemon, systemd, terminal);
        try (systemd) {
            daemon.start(line -> printLine(terminal, line));
            systemd.ready();
            daemon.awaitStop();
            systemd.stopping();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            daemon.close();
        }
        return 0;
    }

    private static boolean isJson(String format) {
        if (format != null && !format.equals("text") && !format.equals("json")) {
            throw new UsageException("log format \"" + format + "\" is not known: text and json are", null);
        }
        return "json".equals(format);
    }

    /** Whoever started the daemon may have stopped reading: that is no reason to end. */
    private static void printLine(Terminal terminal, String line) {
        try {
            terminal.print(line + "\n");
        } catch (IOException nobodyReads) {
            terminal.say(line);
        }
    }

    /** A signal that is ignored when the JVM starts (SIGHUP below nohup, SIGINT behind a shell's &) stays ignored. */
    private static void catchSignals(Daemon daemon, Systemd systemd, Terminal terminal) {
        AtomicBoolean isSecond = new AtomicBoolean();
        sun.misc.Signal.handle(new sun.misc.Signal("HUP"), received -> systemd.reload());
        for (String name : List.of("INT", "TERM")) {
            sun.misc.Signal.handle(new sun.misc.Signal(name), received -> {
                if (isSecond.getAndSet(true)) {
                    terminal.say("Received another interrupt before graceful shutdown, terminating...");
                    Runtime.getRuntime().halt(KILLED);
                }
                terminal.say("Received interrupt signal, shutting down... (once more to end at once)");
                daemon.stop();
            });
        }
    }
}
