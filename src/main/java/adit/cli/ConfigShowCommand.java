package adit.cli;

import adit.control.DaemonNotRunningException;
import java.io.IOException;
import java.util.List;

/** Shows the whole config. The private key is not in it. */
final class ConfigShowCommand extends Command {
    ConfigShowCommand() {
        super(new Syntax("config show", "config/show", List.of(), List.of(), "show all settings", "Example: adit config show"));
    }

    @Override
    int run(Invocation invocation, Terminal terminal) throws IOException {
        try {
            return super.run(invocation, terminal);
        } catch (DaemonNotRunningException nobody) {
            if (invocation.option("api") != null) {
                throw nobody;
            }
        }
        terminal.print(Json.indented(new DaemonDirectory(terminal.directory()).configFile().read().tree(), "  ") + "\n");
        return 0;
    }

    @Override
    void serve(Call call) throws IOException {
        Config config = call.daemon().directory().configFile().read();
        call.answer(Json.indented(config.tree(), "  ") + "\n", config.tree());
    }
}
