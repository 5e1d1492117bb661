package adit.cli;

import java.io.IOException;
import java.util.List;

/** Shows the whole config. The private key is not in it. */
final class ConfigShowCommand extends ConfigFileCommand {
    ConfigShowCommand() {
        super(new Syntax("config show", "config/show", List.of(), List.of(), "show all settings", "Example: adit config show"));
    }

    @Override
    void runOnFile(Invocation invocation, Terminal terminal, ConfigFile file) throws IOException {
        terminal.print(Json.indented(file.read().tree(), "  ") + "\n");
    }

    @Override
    void serve(Call call) throws IOException {
        Config config = call.daemon().directory().configFile().read();
        call.answer(Json.indented(config.tree(), "  ") + "\n", config.tree());
    }
}
