package adit.cli;

import java.io.IOException;
import java.util.List;

/** Shows the modules that log. */
final class LogListCommand extends Command {
    LogListCommand() {
        super(new Syntax("log ls", "log/ls", List.of(), List.of(), "show the modules that log", "Example: adit log ls"));
    }

    @Override
    void serve(Call call) throws IOException {
        List<String> modules = List.copyOf(call.daemon().logs().levels().keySet());
        call.answer(String.join("\n", modules) + "\n", Json.object().with("Strings", modules));
    }
}
