package adit.cli;

import adit.identity.PeerId;
import java.io.IOException;
import java.util.List;

/** Tells all that decides whether a tunnel to a peer works, or whether others can find this node; a report made of parts. */
final class WhyCommand extends Command {
    WhyCommand() {
        super(new Syntax("why", "why", List.of(Argument.optional("peer", "the peer's id or address; this node when it is left out")), List.of(),
                "tell why a peer can or cannot be reached, or whether others can find this node", """
                For a peer: the addresses known of it and from where, what the DHT says, what comes of dialling them, which tunnels it
                offers and may use. For this node: what it tells others of itself, and what strangers are told of it. Ends with
                what to do next, where there is something to do.

                Example: adit why 12D3KooW..."""));
    }

    /** In the order of the report. */
    private static List<WhyPart> ofThisNode() {
        return List.of(WhyThisNode::announced, WhyThisNode::reachability, WhyThisNode::nat, WhyThisNode::mapping, WhyThisNode::visitors, WhyThisNode::routing, WhyThisNode::outside);
    }

    /** In the order of the report. */
    private static List<WhyPart> ofPeer() {
        return List.of(WhyPeer::addresses, WhyRouting::look, WhyPeer::connection, WhyPeer::offered, WhyPeer::permission, WhyPeer::lastErrors);
    }

    @Override
    void serve(Call call) throws IOException {
        Daemon daemon = call.daemon();
        PeerId self = daemon.swarm().self();
        PeerAddress wanted = call.arguments().isEmpty() ? new PeerAddress(self, List.of()) : call.peer(call.argument(0));
        PeerId peer = wanted.peer();
        boolean isThisNode = peer.equals(self);
        WhyReport report = new WhyReport(call);
        report.json().with("ID", peer);
        report.line(isThisNode ? "this node" : "peer", daemon.names().beside(peer.toString()));
        if (!isThisNode) {
            daemon.swarm().addressBook().add(peer, wanted.addresses(), PingCommand.ADDRESS_LIFE);
        }
        call.exchange().onDisconnect(() -> { }); // nobody searches on for a client that has gone
        try {
            for (WhyPart part : isThisNode ? ofThisNode() : ofPeer()) {
                part.look(daemon, peer, report);
            }
        } catch (InterruptedException clientIsGone) {
            Thread.currentThread().interrupt();
            return;
        }
        report.end();
    }
}
