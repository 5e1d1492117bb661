package adit.cli;

import java.io.IOException;
import java.util.List;

/** Shows what the daemon logs from now on. */
final class LogTailCommand extends Command {
    LogTailCommand() {
        super(new Syntax("log tail", "log/tail", List.of(), List.of(), "show what the daemon logs, as it does", """
                How much that is: adit log level. A reader who is too slow misses lines, and is told how many.

                Example: adit log tail"""));
    }

    @Override
    void serve(Call call) throws IOException {
        LogReader reader = new LogReader();
        DaemonLog logs = call.daemon().logs();
        logs.add(reader);
        try {
            call.exchange().onDisconnect(() -> {});
            call.emit("", null);
            while (true) {
                LogLine line = reader.take();
                call.emit(line + "\n", line.json());
            }
        } catch (InterruptedException clientIsGone) {
            Thread.currentThread().interrupt();
        } finally {
            logs.remove(reader);
        }
    }
}
