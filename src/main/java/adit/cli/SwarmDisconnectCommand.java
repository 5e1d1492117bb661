package adit.cli;

import adit.swarm.Swarm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Closes the connections to peers. */
final class SwarmDisconnectCommand extends Command {
    SwarmDisconnectCommand() {
        super(new Syntax("swarm disconnect", "swarm/disconnect",
                List.of(Argument.several("address", "the peer: /p2p/ID or its id")), List.of(),
                "close the connections to peers", "Example: adit swarm disconnect /p2p/12D3KooW..."));
    }

    @Override
    void serve(Call call) throws IOException {
        Swarm swarm = call.daemon().swarm();
        List<String> lines = new ArrayList<>();
        for (String text : call.arguments()) {
            PeerAddress target = call.peer(text);
            swarm.unprotect(target.peer(), "swarm connect");
            int count = swarm.disconnect(target.peer(), "closed on request");
            lines.add("disconnect " + target.peer() + (count > 0 ? " success" : " failure: not connected"));
        }
        call.answer(String.join("\n", lines) + "\n", Json.object().with("Strings", lines));
    }
}
