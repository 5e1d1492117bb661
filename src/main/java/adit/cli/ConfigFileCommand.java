package adit.cli;

import adit.control.DaemonNotRunningException;
import java.io.IOException;

/** A command about the config: through the daemon while it runs, else on the file. */
abstract class ConfigFileCommand extends Command {
    ConfigFileCommand(Syntax syntax) {
        super(syntax);
    }

    @Override
    final int run(Invocation invocation, Terminal terminal) throws IOException {
        try {
            return super.run(invocation, terminal);
        } catch (DaemonNotRunningException nobody) {
            if (invocation.option("api") != null) {
                throw nobody;
            }
        }
        runOnFile(invocation, terminal, new DaemonDirectory(terminal.directory()).configFile());
        return 0;
    }

    /** The caller's side while no daemon runs. */
    abstract void runOnFile(Invocation invocation, Terminal terminal, ConfigFile file) throws IOException;
}
