package adit.cli;

import java.io.IOException;
import java.util.List;

/** Shows the whole config. The private key is not in it, nor are the secrets of tokens. */
final class ConfigShowCommand extends ConfigFileCommand {
    ConfigShowCommand() {
        super(new Syntax("config show", "config/show", List.of(), List.of(), "show all settings", "Example: adit config show"));
    }

    @Override
    void runOnFile(Invocation invocation, Terminal terminal, ConfigFile file) throws IOException {
        terminal.print(Json.indented(file.read().shown(), "  ") + "\n");
    }

    @Override
    void serve(Call call) throws IOException {
        Config config = call.daemon().directory().configFile().read();
        call.answer(Json.indented(config.shown(), "  ") + "\n", config.shown());
    }
}
