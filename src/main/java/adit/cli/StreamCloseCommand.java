package adit.cli;

import java.io.IOException;
import java.util.List;

/** Aborts connections that go through tunnels. */
final class StreamCloseCommand extends Command {
    StreamCloseCommand() {
        super(new Syntax("stream close", "p2p/stream/close", List.of(Argument.optional("id", "the stream's id, as \"stream ls\" shows it")),
                List.of(Option.flag("close all", "all", "a")),
                "abort connections going through tunnels", "Example: adit stream close 3"));
    }

    @Override
    void serve(Call call) throws IOException {
        if (call.flag("all")) {
            call.daemon().tunnels().closeStreams();
        } else if (call.arguments().isEmpty()) {
            throw new CommandException("no id specified", "adit stream ls");
        } else {
            close(call, call.argument(0));
        }
        call.done();
    }

    private static void close(Call call, String text) throws CommandException {
        long id;
        try {
            id = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new CommandException("\"" + text + "\" is no stream id", "adit stream ls", e);
        }
        if (!call.daemon().tunnels().closeStream(id)) {
            throw new CommandException("there is no stream " + id, "adit stream ls");
        }
    }
}
