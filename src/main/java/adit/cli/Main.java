package adit.cli;

import adit.control.DaemonNotRunningException;
import adit.control.DaemonRunningException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The program's entry. */
public final class Main {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private Main() {}

    /** Exits 0 done, 1 failed, 2 wrong usage. */
    public static void main(String[] arguments) {
        Terminal terminal = new Terminal(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err), directory(System.getenv("ADIT_PATH"), System.getProperty("user.home")));
        int code = run(terminal, arguments);
        // exit() first asks the logging system, which it thereby starts, whether to log that: a quarter of a command's time
        if (code != DONE) {
            Runtime.getRuntime().exit(code);
        }
    }

    private static Path directory(String given, String home) {
        return (given == null || given.isEmpty() ? Path.of(home, ".adit") : Path.of(given)).toAbsolutePath().normalize();
    }

    /** Runs one command; its exit code. */
    static int run(Terminal terminal, String... arguments) {
        try {
            Invocation invocation = CommandLine.parse(arguments);
            if (invocation.flag("help")) {
                return help(invocation.command(), terminal);
            }
            limitTime(invocation.option("timeout"), terminal);
            return invocation.command().run(invocation, terminal);
        } catch (UsageException wrong) {
            terminal.complain(wrong.getMessage(), wrong.hint());
            return WRONG_USAGE;
        } catch (CommandException failure) {
            terminal.complain(failure.getMessage(), failure.hint());
        } catch (DaemonNotRunningException nobody) {
            terminal.complain(nobody.getMessage(), "adit daemon &");
        } catch (DaemonRunningException second) {
            terminal.complain(second.getMessage(),
                    "\"adit status\" shows it, \"adit shutdown\" ends it; for one more choose another ADIT_PATH");
        } catch (IOException failure) {
            terminal.complain(Failures.text(failure), null);
        }
        return FAILED;
    }

    private static int help(Command command, Terminal terminal) throws IOException {
        terminal.print(command instanceof HelpCommand ? HelpCommand.overview("") : HelpCommand.explain(command.syntax()));
        return DONE;
    }

    /** The end of this process ends the request, and with it what the daemon does for it. */
    private static void limitTime(String timeout, Terminal terminal) {
        if (timeout == null) {
            return;
        }
        Duration time = GoDuration.parse(timeout);
        Thread worker = Thread.currentThread();
        Thread.ofPlatform().daemon().name("timeout").start(() -> {
            try {
                if (!worker.join(time)) {
                    terminal.complain("timed out after " + timeout, null);
                    Runtime.getRuntime().halt(FAILED);
                }
            } catch (InterruptedException nobodyDoes) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
