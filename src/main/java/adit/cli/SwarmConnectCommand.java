package adit.cli;

import adit.swarm.Swarm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Connects to peers and keeps them from being trimmed. */
final class SwarmConnectCommand extends Command {
    SwarmConnectCommand() {
        super(new Syntax("swarm connect", "swarm/connect",
                List.of(Argument.several("address", "the peer: /ip4/.../p2p/ID, /p2p/ID or its id")), List.of(),
                "connect to peers", "Example: adit swarm connect /ip4/192.0.2.7/tcp/4001/p2p/12D3KooW..."));
    }

    @Override
    String patience() {
        return "looking for the peer and dialling it, for half a minute at most; adit why PEER shows the steps";
    }

    @Override
    void serve(Call call) throws IOException {
        Swarm swarm = call.daemon().swarm();
        List<PeerAddress> peers = new ArrayList<>();
        for (String text : call.arguments()) {
            peers.add(call.peer(text));
        }
        List<String> lines = new ArrayList<>();
        for (PeerAddress target : peers) {
            String line = "connect " + target.peer();
            if (target.peer().equals(swarm.self())) {
                throw new CommandException(line + " failure: that is this daemon itself");
            }
            swarm.addressBook().add(target.peer(), target.addresses(), PingCommand.ADDRESS_LIFE);
            try {
                swarm.connect(target.peer(), true);
            } catch (IOException failure) {
                throw new CommandException(line + " failure: " + Failures.text(failure), call.daemon().discovery().hint(target), failure);
            }
            swarm.protect(target.peer(), "swarm connect");
            lines.add(line + " success");
        }
        call.answer(String.join("\n", lines) + "\n", Json.object().with("Strings", lines));
    }
}
