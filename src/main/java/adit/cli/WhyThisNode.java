package adit.cli;

import adit.dht.Dht;
import adit.dht.OutsideView;
import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.relay.AutoNat;
import adit.relay.AutoNatEvidence;
import adit.relay.PortMapper;
import adit.relay.Reachability;
import adit.swarm.AddressScope;
import adit.swarm.NatMapping;
import adit.swarm.Swarm;
import adit.transport.Connection;
import adit.transport.Direction;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The parts of "adit why" about this node: whether others can find it. */
final class WhyThisNode {
    /** Answers of other peers that are shown. */
    private static final int SHOWN_EVIDENCE = 10;
    private static final String OPEN_PORT = "for the public network: forward a port to this machine and announce it, "
            + "adit config --json Addresses.AppendAnnounce '[\"/ip4/ADDRESS/tcp/PORT\"]'";

    private WhyThisNode() {}

    /** What this node tells others about where it is. */
    static void announced(Daemon daemon, PeerId self, WhyReport report) throws IOException {
        List<Multiaddr> addresses = daemon.swarm().announcedAddresses();
        report.lines("announced", addresses, WhyThisNode::scope);
        if (addresses.isEmpty()) {
            report.line("announced", "no address: nobody is told where this node is");
            report.next("let it listen: adit config --json Addresses.Swarm '[\"/ip4/0.0.0.0/tcp/4001\"]', and start the daemon again");
        }
        report.json().withList("Announced", addresses);
    }

    private static String scope(Multiaddr address) {
        return address + (AddressScope.isPublic(address) ? ", public" : switch (AddressScope.of(address).orElse(AddressScope.PRIVATE)) {
            case LOOPBACK -> ", for this machine only";
            case PRIVATE -> ", for its own network only";
            case PUBLIC -> ", public by its form, but no route leads there";
        });
    }

    /** What other peers have found out when they were asked to dial this node. */
    static void reachability(Daemon daemon, PeerId self, WhyReport report) throws IOException {
        AutoNat autoNat = daemon.reachable().autoNat();
        List<AutoNatEvidence> evidence = autoNat.evidence();
        report.line("reachability", ReachabilityText.words(autoNat));
        report.lines("", evidence.stream().limit(SHOWN_EVIDENCE).toList(), ReachabilityText::words);
        if (autoNat.reachability() == Reachability.PRIVATE && !autoNat.isForced()) {
            report.next(OPEN_PORT);
        }
        report.json().with("Reachability", ReachabilityText.json(autoNat)).withList("Evidence", evidence.stream().map(ReachabilityText::json).toList());
    }

    /** What stands between this node and the others. */
    static void nat(Daemon daemon, PeerId self, WhyReport report) throws IOException {
        NatMapping mapping = daemon.swarm().ownAddresses().natMapping();
        report.line("nat", switch (mapping) {
            case UNKNOWN -> "not known: too few peers outside have told how they see this node";
            case NONE -> "none: peers see this node by its own address";
            case ENDPOINT_INDEPENDENT -> "one outside address for all peers, " + daemon.swarm().ownAddresses().observed().getFirst() + ": a hole can be punched";
            case ENDPOINT_DEPENDENT -> "another outside port for each peer (symmetric): a hole can be punched only to peers that let any port in";
        });
        report.json().with("NatMapping", mapping.toString().toLowerCase(Locale.ROOT));
    }

    /** What the gateway forwards to this node. */
    static void mapping(Daemon daemon, PeerId self, WhyReport report) throws IOException {
        PortMapper.Status status = daemon.reachable().portMappings();
        report.lines("mapped", status.mappings(), StatusCommand::words);
        if (!status.failure().isEmpty()) {
            report.line("mapped", "no: " + status.failure());
        }
        report.json().withList("PortMappings", status.mappings().stream().map(StatusCommand::json).toList()).with("PortMappingFailure", status.failure());
    }

    /** Whether anybody has come in: the best proof there is. */
    static void visitors(Daemon daemon, PeerId self, WhyReport report) throws IOException {
        List<Connection> inbound = daemon.swarm().connections().stream().filter(each -> each.direction() == Direction.INBOUND).toList();
        long peers = peers(inbound.stream());
        long wide = peers(inbound.stream().filter(each -> AddressScope.isPublic(each.remoteAddress())));
        report.line("visitors", peers == 0 ? "no peer that is connected now has dialled this node"
                : peers + (peers == 1 ? " peer" : " peers") + " connected now dialled this node, " + wide + " of them from the public network");
        report.json().with("Visitors", peers).with("PublicVisitors", wide);
    }

    private static long peers(Stream<Connection> connections) {
        return connections.map(Connection::remotePeer).distinct().count();
    }

    /** The tables, as status shows them. */
    static void routing(Daemon daemon, PeerId self, WhyReport report) throws IOException {
        Dht dht = daemon.discovery().dht().orElse(null);
        if (dht == null) {
            report.line("routing", "switched off");
            report.json().with("Routing", null);
            return;
        }
        report.line("routing", RoutingText.words(dht.status()));
        report.json().with("Routing", RoutingText.json(dht.status()));
    }

    /** This node as a stranger sees it. */
    static void outside(Daemon daemon, PeerId self, WhyReport report) throws IOException, InterruptedException {
        Dht dht = daemon.discovery().dht().orElse(null);
        List<OutsideView> views = List.of();
        if (dht == null) {
            report.line("found", "no: with routing switched off, only who has an address of this node can reach it");
            report.next("switch it on: adit config Routing.Type auto, and start the daemon again");
        } else {
            try (Swarm stranger = daemon.stranger()) {
                views = dht.lookFromOutside(stranger);
            }
            tell(daemon, views, report);
        }
        report.json().with("Found", views.stream().anyMatch(OutsideView::isFound)).withList("Seen", views.stream().map(RoutingText::json).toList());
    }

    private static void tell(Daemon daemon, List<OutsideView> views, WhyReport report) throws IOException {
        List<Multiaddr> announced = daemon.swarm().announcedAddresses();
        if (views.isEmpty()) {
            report.line("found", "no: this node knows no other peers, and so no peer tells where it is");
            String hint = daemon.discovery().hint(new PeerAddress(daemon.swarm().self(), List.of()));
            report.next(hint == null ? "wait a moment and ask again" : hint);
        }
        String heading = "found";
        for (OutsideView view : views) {
            report.line(heading, RoutingText.words(view));
            heading = "";
            for (Multiaddr address : view.addresses()) {
                report.detail("  " + address + (announced.contains(address) ? "" : ", which this node does not announce any more"));
            }
            if (!view.isFound()) {
                report.next(step(view, announced));
            }
        }
    }

    private static String step(OutsideView view, List<Multiaddr> announced) {
        if (view.isWide() && announced.stream().noneMatch(AddressScope::isPublic)) {
            return OPEN_PORT;
        }
        return "ask again in a minute: peers tell of a node once it has been connected to those nearest to it";
    }
}
