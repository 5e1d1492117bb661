package adit.cli;

import java.io.IOException;
import java.util.List;

/** Shows the tunnels of the config, in the form that plan and apply read. */
final class ExportCommand extends ConfigFileCommand {
    ExportCommand() {
        super(new Syntax("export", "export", List.of(), List.of(), "show the tunnels of the config, for \"adit plan\" and \"adit apply\"",
                "Example: adit export >tunnels.json"));
    }

    @Override
    void runOnFile(Invocation invocation, Terminal terminal, ConfigFile file) throws IOException {
        terminal.print(Json.indented(json(file.read()), "  ") + "\n");
    }

    @Override
    void serve(Call call) throws IOException {
        Json json = json(call.daemon().directory().configFile().read());
        call.answer(Json.indented(json, "  ") + "\n", json);
    }

    private static Json json(Config config) throws IOException {
        return Json.object().with("Tunnels", Config.of(java.util.Map.of()).withTunnels(config.tunnels()).get("Tunnels").orElseThrow());
    }
}
