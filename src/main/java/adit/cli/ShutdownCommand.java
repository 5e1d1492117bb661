package adit.cli;

import java.io.IOException;
import java.util.List;

/** Ends the daemon. */
final class ShutdownCommand extends Command {
    ShutdownCommand() {
        super(new Syntax("shutdown", "shutdown", List.of(), List.of(), "end the daemon", """
                Tunnels close at once; streams that are open may end by themselves for a few seconds.

                Example: adit shutdown"""));
    }

    @Override
    void serve(Call call) throws IOException {
        call.done();
        call.daemon().stop();
    }
}
