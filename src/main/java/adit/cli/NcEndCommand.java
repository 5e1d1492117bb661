package adit.cli;

import java.io.IOException;
import java.util.List;

/** Tells nc how its connection ended. Not for the command line. */
final class NcEndCommand extends Command {
    NcEndCommand() {
        super(new Syntax("nc end", "p2p/nc/end", List.of(Argument.required("number", "as nc was told")), List.of(),
                "how a connection of nc ended", ""));
    }

    @Override
    void serve(Call call) throws IOException {
        long number;
        try {
            number = Long.parseLong(call.argument(0));
        } catch (NumberFormatException e) {
            throw new UsageException("\"" + call.argument(0) + "\" is no number", null);
        }
        String failure = call.daemon().ncOutcomes().await(number);
        if (!failure.isEmpty()) {
            throw new CommandException("connection aborted: " + failure);
        }
        call.done();
    }
}
