package adit.cli;

import adit.identity.PeerId;
import adit.tunnel.Grant;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Lets a peer use a listener, or no more. */
final class GrantCommand extends Command {
    private final Kind kind;

    enum Kind { GRANT, REVOKE }

    GrantCommand(Kind kind) {
        super(syntax(kind));
        this.kind = kind;
    }

    private static Syntax syntax(Kind kind) {
        List<Argument> arguments = List.of(Argument.required("protocol", "name of the listener, /x/NAME"), Argument.required("peer", "the peer's id"));
        return switch (kind) {
            case GRANT -> new Syntax("grant", "grant", arguments,
                    List.of(Option.valued("TIME", "how long: 8h, 2026-12-31 (that day included), 2026-12-31T18:00:00Z (default: for ever)", "for")),
                    "let a peer use a listener", """
                    For listeners made with --allow; others admit every peer. A grant takes the place of an older one of that peer. When it ends, the
                    peer's live streams are cut. A listener that is in the config keeps its grants there.

                    Example: adit grant --for 8h /x/ssh 12D3KooW...""");
            case REVOKE -> new Syntax("revoke", "revoke", arguments, List.of(), "no longer let a peer use a listener", """
                    Its live streams are cut before the command returns. To the peer the tunnel looks as if it did not exist.

                    Example: adit revoke /x/ssh 12D3KooW...""");
        };
    }

    @Override
    void serve(Call call) throws IOException {
        String protocol = call.argument(0);
        PeerId peer = call.peer(call.argument(1)).peer();
        SavedTunnels saved = call.daemon().saved();
        if (kind == Kind.GRANT) {
            Instant now = Instant.now();
            Grant grant = new Grant(peer, call.option("for") == null ? null : GrantText.end(call.option("for"), now));
            saved.admit(protocol, grants -> grants.with(grant, now));
            call.answer(peer + " may use " + protocol + " " + GrantText.words(grant) + "\n",
                    Json.object().with("Protocol", protocol).with("Peer", peer).with("Until", grant.until()));
        } else {
            int cut = saved.admit(protocol, grants -> {
                if (!grants.byPeer().containsKey(peer)) {
                    throw new IllegalStateException(peer + " has no grant for " + protocol);
                }
                return grants.without(peer);
            });
            call.answer(peer + " may not use " + protocol + " any more, " + cut + " live stream(s) cut\n",
                    Json.object().with("Protocol", protocol).with("Peer", peer).with("Cut", cut));
        }
    }
}
