package adit.cli;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

/** Shows or changes how much the daemon logs. */
final class LogLevelCommand extends Command {
    LogLevelCommand() {
        super(new Syntax("log level", "log/level", List.of(Argument.optional("module", "a name \"log ls\" shows, or all (*)"),
                Argument.optional("level", "debug, info, warn or error")), List.of(),
                "show or change how much the daemon logs", "Example: adit log level swarm debug"));
    }

    @Override
    void serve(Call call) throws IOException {
        DaemonLog logs = call.daemon().logs();
        if (call.arguments().size() < 2) {
            show(call, logs.levels());
            return;
        }
        String module = call.argument(0);
        LogLevel level = LogLevel.named(call.argument(1));
        if (module.equals("all") || module.equals("*")) {
            logs.setLevels(level);
        } else if (!logs.setLevel(module, level)) {
            throw unknown(module, logs.levels());
        }
        String message = "Changed log level of '" + module + "' to '" + level + "'\n";
        call.answer(message, Json.object().with("Message", message));
    }

    private static void show(Call call, SortedMap<String, LogLevel> levels) throws IOException {
        StringBuilder text = new StringBuilder();
        String wanted = call.arguments().isEmpty() ? "all" : call.argument(0);
        if (!wanted.equals("all") && !wanted.equals("*")) {
            if (!levels.containsKey(wanted)) {
                throw unknown(wanted, levels);
            }
            levels.keySet().retainAll(List.of(wanted));
            call.answer(levels.get(wanted) + "\n", Json.object().with("Levels", levels));
            return;
        }
        levels.forEach((module, level) -> text.append(module).append(": ").append(level).append('\n'));
        call.answer(text.toString(), Json.object().with("Levels", levels));
    }

    private static CommandException unknown(String module, SortedMap<String, LogLevel> levels) {
        return new CommandException("there is no module \"" + module + "\"", "modules are " + String.join(", ", levels.keySet()));
    }
}
