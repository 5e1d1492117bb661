package adit.cli;

import adit.identity.PeerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Names for peers. */
final class PeerNameCommand extends Command {
    private final Kind kind;

    enum Kind { SET, LIST, REMOVE }

    PeerNameCommand(Kind kind) {
        super(syntax(kind));
        this.kind = kind;
    }

    private static Syntax syntax(Kind kind) {
        return switch (kind) {
            case SET -> new Syntax("peer name", "peer/name", List.of(Argument.required("peer", "the peer's id, or the name it has"),
                    Argument.required("name", "1 to 63 letters, digits, '.', '_' and '-'")), List.of(), "give a peer a name", """
                    The name can be used wherever a command takes a peer's id, and is shown beside it. It means what it means when the command is
                    given: grants and saved tunnels keep the id. Nobody else hears of it.

                    Example: adit peer name 12D3KooW... laptop""");
            case LIST -> new Syntax("peer ls", "peer/ls", List.of(), List.of(), "show the peers that have names", "Example: adit peer ls");
            case REMOVE -> new Syntax("peer rm", "peer/rm", List.of(Argument.required("name", "as \"adit peer ls\" shows it")), List.of(),
                    "take a peer's name away", "Example: adit peer rm laptop");
        };
    }

    @Override
    void serve(Call call) throws IOException {
        PeerNames names = call.daemon().names();
        switch (kind) {
            case SET -> {
                PeerId peer = names.resolve(call.argument(0)).peer();
                names.set(peer, call.argument(1));
                answer(call, call.argument(1), peer, "is");
            }
            case REMOVE -> answer(call, call.argument(0), names.remove(call.argument(0)), "no longer is");
            case LIST -> {
                Table table = new Table(null);
                List<Json> all = new ArrayList<>();
                names.all().forEach((name, peer) -> {
                    table.row(name, peer.toString());
                    all.add(Json.object().with("Name", name).with("ID", peer));
                });
                call.answer(table.toString(), Json.object().withList("Peers", all));
            }
        }
    }

    private static void answer(Call call, String name, PeerId peer, String verb) throws IOException {
        call.answer(name + " " + verb + " " + peer + "\n", Json.object().with("Name", name).with("ID", peer));
    }
}
