package adit.cli;

import java.io.IOException;
import java.util.List;

/** The daemon reads its config again. */
final class ConfigReloadCommand extends Command {
    ConfigReloadCommand() {
        super(new Syntax("config reload", "config/reload", List.of(), List.of(), "use the tunnels that config.json has now", """
                Does what "adit apply" does, with config.json as it is now; so does the signal SIGHUP. Other settings that have changed are named:
                they are used from the next start on. With a config that is wrong nothing changes.

                Example: adit config reload"""));
    }

    @Override
    void serve(Call call) throws IOException {
        ConfigReload reload = ConfigReload.of(call.daemon());
        call.answer(reload.words(), reload.json());
    }
}
