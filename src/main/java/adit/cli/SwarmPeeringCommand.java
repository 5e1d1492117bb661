package adit.cli;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.AddressBook;
import adit.swarm.Swarm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Peers to stay connected to, until the daemon ends; those of the config are there again at its next start. */
final class SwarmPeeringCommand extends Command {
    private final Kind kind;

    enum Kind { ADD, LIST, REMOVE }

    SwarmPeeringCommand(Kind kind) {
        super(syntax(kind));
        this.kind = kind;
    }

    private static Syntax syntax(Kind kind) {
        return switch (kind) {
            case ADD -> new Syntax("swarm peering add", "swarm/peering/add",
                    List.of(Argument.several("address", "/ip4/.../p2p/ID")), List.of(),
                    "stay connected to peers", "Example: adit swarm peering add /ip4/192.0.2.7/tcp/4001/p2p/12D3KooW...");
            case LIST -> new Syntax("swarm peering ls", "swarm/peering/ls", List.of(), List.of(), "show the peers to stay connected to",
                    "Example: adit swarm peering ls");
            case REMOVE -> new Syntax("swarm peering rm", "swarm/peering/rm", List.of(Argument.several("ID", "the peer's id")), List.of(),
                    "no longer stay connected to peers", "Example: adit swarm peering rm 12D3KooW...");
        };
    }

    @Override
    void serve(Call call) throws IOException {
        if (kind == Kind.LIST) {
            list(call);
        } else {
            change(call);
        }
    }

    private void change(Call call) throws IOException {
        Swarm swarm = call.daemon().swarm();
        List<PeerAddress> targets = new ArrayList<>();
        for (String text : call.arguments()) {
            targets.add(call.peer(text));
        }
        Set<PeerId> peers = new LinkedHashSet<>();
        for (PeerAddress target : targets) {
            peers.add(target.peer());
            if (kind == Kind.ADD) {
                swarm.addressBook().add(target.peer(), target.addresses(), AddressBook.FOREVER);
                swarm.peer(target.peer());
            } else {
                swarm.unpeer(target.peer());
            }
        }
        for (PeerId peer : peers) {
            call.emit((kind == Kind.ADD ? "add " : "remove ") + peer + " success\n",
                    Json.object().with("ID", peer).with("Status", "success"));
        }
    }

    private static void list(Call call) throws IOException {
        StringBuilder text = new StringBuilder();
        List<Json> all = new ArrayList<>();
        for (PeerId peer : call.daemon().swarm().peered().stream().sorted().toList()) {
            List<String> addresses = call.daemon().swarm().addressBook().addresses(peer).stream()
                    .map(Multiaddr::toString).sorted().toList();
            text.append(peer).append('\n');
            addresses.forEach(address -> text.append('\t').append(address).append('\n'));
            all.add(Json.object().with("ID", peer).withList("Addrs", addresses));
        }
        call.answer(text.toString(), Json.object().withList("Peers", all));
    }
}
