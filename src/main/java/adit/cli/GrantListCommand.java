package adit.cli;

import adit.tunnel.Grant;
import adit.tunnel.Listener;
import adit.tunnel.RefusedPeer;
import adit.tunnel.Tunnel;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Shows who may use the listeners, and who wanted to. */
final class GrantListCommand extends Command {
    GrantListCommand() {
        super(new Syntax("grants", "grants", List.of(Argument.optional("protocol", "of this listener only, /x/NAME")), List.of(),
                "show who may use the listeners, and who asked in vain", """
                Of the peers that were refused, the last hundred of each listener are shown.

                Example: adit grants /x/ssh"""));
    }

    @Override
    void serve(Call call) throws IOException {
        String wanted = call.arguments().isEmpty() ? null : call.argument(0);
        Table table = new Table(null);
        List<Json> all = new ArrayList<>();
        for (Tunnel tunnel : call.daemon().tunnels().list()) {
            if (tunnel instanceof Listener listener && (wanted == null || wanted.equals(listener.protocol()))) {
                rows(listener, call.daemon().names(), table);
                all.add(json(Json.object().with("Protocol", listener.protocol()), listener));
            }
        }
        if (wanted != null && all.isEmpty()) {
            throw SavedTunnels.noListener(wanted);
        }
        call.answer(table.toString(), Json.object().withList("Listeners", all));
    }

    private static void rows(Listener listener, PeerNames names, Table table) {
        if (listener.grants().isAnyone()) {
            table.row(listener.protocol(), "any peer", "for ever");
        }
        for (Grant grant : listener.grants().list()) {
            table.row(listener.protocol(), names.beside(grant.peer().toString()), GrantText.words(grant));
        }
        for (RefusedPeer refused : listener.refusedPeers()) {
            table.row(listener.protocol(), names.beside(refused.peer().toString()), words(refused));
        }
    }

    /** "refused 3 times, last at 2026-12-31T18:00:00Z". */
    static String words(RefusedPeer refused) {
        return "refused " + (refused.attempts() == 1 ? "once, at " : refused.attempts() + " times, last at ")
                + refused.last().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Adds who may use the listener and who was refused. */
    static Json json(Json json, Listener listener) {
        return json.with("AnyPeer", listener.grants().isAnyone())
                .with("Grants", listener.grants().list().stream()
                        .map(grant -> Json.object().with("Peer", grant.peer()).with("Until", grant.until())).toList())
                .with("Refused", listener.refusedPeers().stream().map(refused -> Json.object().with("Peer", refused.peer())
                        .with("Attempts", refused.attempts()).with("Last", refused.last())).toList());
    }
}
