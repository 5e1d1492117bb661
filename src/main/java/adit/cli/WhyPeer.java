package adit.cli;

import adit.identity.PeerId;
import adit.swarm.AddressBook;
import adit.swarm.DialFailedException;
import adit.swarm.IdentifiedPeer;
import adit.swarm.Swarm;
import adit.transport.Connection;
import adit.transport.ConnectionPath;
import adit.transport.Direction;
import adit.tunnel.Forwarder;
import adit.tunnel.Listener;
import adit.tunnel.Tunnel;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Parts of "adit why PEER": what this node knows of the peer, whether it can be reached, and what either may use of the other. */
final class WhyPeer {
    private static final String TUNNEL = "/x/";
    /** Tunnels shown that the peer offers and nobody here uses. */
    private static final int SHOWN_OFFERED = 20;
    /** A hole punch under way is worth waiting for. */
    private static final Duration UPGRADE_PATIENCE = Duration.ofSeconds(15);

    private WhyPeer() {}

    /** Where the peer may be, and who says so. */
    static void addresses(Daemon daemon, PeerId peer, WhyReport report) throws IOException {
        List<AddressBook.KnownAddress> known = daemon.swarm().addressBook().known(peer);
        if (known.isEmpty()) {
            report.line("addresses", "none known");
        }
        report.lines("addresses", known, each -> each.address() + ", " + words(each.source()) + words(each.life()));
        report.json().withList("Addresses", known.stream().map(each -> Json.object().with("Address", each.address())
                .with("Source", each.source().toString().toLowerCase(Locale.ROOT))
                .with("SecondsLeft", isForever(each.life()) ? null : each.life().toSeconds())).toList());
    }

    private static String words(AddressBook.Source source) {
        return switch (source) {
            case USER -> "given by a person or the config";
            case DIALLED -> "it has answered there";
            case IDENTIFY -> "it says so itself";
            case ROUTING -> "other peers say so";
        };
    }

    private static String words(Duration life) {
        return isForever(life) ? "" : ", remembered for " + StatusCommand.age(life);
    }

    private static boolean isForever(Duration life) {
        return life.compareTo(AddressBook.FOREVER.dividedBy(2)) > 0;
    }

    /** Whether there is a connection, or what comes of dialling. */
    static void connection(Daemon daemon, PeerId peer, WhyReport report) throws IOException, InterruptedException {
        Swarm swarm = daemon.swarm();
        List<Json> attempts = new ArrayList<>();
        String failure = "";
        try {
            Connection connection = swarm.connect(peer, true);
            swarm.upgrades().await(peer, () -> false, UPGRADE_PATIENCE);
            connection = swarm.connect(peer);
            report.line("connection", PathText.of(connection) + (connection.direction() == Direction.INBOUND ? ", it dialled" : ", dialled from here"));
            String upgrade = swarm.upgrades().failure(peer);
            if (connection.path() == ConnectionPath.RELAYED && !upgrade.isEmpty()) {
                report.detail("no direct connection: " + upgrade);
            }
            PathText.json(connection, report.json()).with("NoDirect", upgrade);
        } catch (DialFailedException failed) {
            failure = Failures.text(failed);
            report.line("connection", failed.attempts().isEmpty() ? failure
                    : report.isSeen() ? "none: others know it, but it answers at none of its addresses"
                    : "none: nobody else knows it, and what is known here is too old or wrong");
            for (DialFailedException.Attempt attempt : failed.attempts()) {
                report.detail("  " + attempt.address() + ": " + attempt.reason());
                attempts.add(Json.object().with("Address", attempt.address()).with("Error", attempt.reason()));
            }
            if (!failed.attempts().isEmpty()) {
                report.next("see there, with adit status, whether the daemon runs and listens at these addresses, and whether a firewall or a NAT is between");
            }
        }
        report.json().with("Connected", failure.isEmpty()).with("Failure", failure).withList("Attempts", attempts);
    }

    /** Which tunnels it offers to this node, those first that a forwarder here leads to. */
    static void offered(Daemon daemon, PeerId peer, WhyReport report) throws IOException {
        Swarm swarm = daemon.swarm();
        Set<String> wanted = new TreeSet<>();
        for (Tunnel tunnel : daemon.tunnels().list()) {
            if (tunnel instanceof Forwarder forwarder && forwarder.peer().equals(peer)) {
                wanted.add(forwarder.protocol());
            }
        }
        IdentifiedPeer told = swarm.isConnected(peer) ? identified(swarm, peer, report) : null;
        Set<String> offered = new TreeSet<>(told == null ? Set.of() : told.protocols());
        report.json().withList("Forwarded", List.copyOf(wanted))
                .withList("Offered", offered.stream().filter(name -> wanted.contains(name) || name.startsWith(TUNNEL)).toList());
        if (told == null) {
            return;
        }
        report.line("agent", told.agentVersion());
        if (offered.contains(TUNNEL)) {
            // Kubo serves whatever begins so, and refuses when it is asked
            report.line("tunnels", "it does not tell which it offers; ipfs p2p ls there shows them");
            return;
        }
        report.lines("tunnels", List.copyOf(wanted), name -> name + (offered.contains(name) ? ": offered to this node"
                : ": not offered to this node, because nobody listens for it there or this node is not allowed to use it"));
        for (String name : wanted) {
            if (!offered.contains(name)) {
                report.next("there: adit listen " + name + " TARGET --allow " + swarm.self() + ", or, where it listens already: adit grant " + name + " " + swarm.self());
            }
        }
        List<String> others = offered.stream().filter(name -> name.startsWith(TUNNEL) && !wanted.contains(name)).limit(SHOWN_OFFERED).toList();
        report.lines(wanted.isEmpty() ? "tunnels" : "", others, name -> name + ": offered to this node, no forwarder here uses it");
        if (wanted.isEmpty() && others.isEmpty()) {
            report.line("tunnels", "none is offered to this node");
        }
    }

    private static IdentifiedPeer identified(Swarm swarm, PeerId peer, WhyReport report) throws IOException {
        try {
            return swarm.awaitIdentified(peer);
        } catch (IOException silent) {
            report.line("agent", "not known: " + Failures.text(silent));
            return null;
        }
    }

    /** Which listeners of this node the peer may use. */
    static void permission(Daemon daemon, PeerId peer, WhyReport report) throws IOException {
        List<Listener> listeners = daemon.tunnels().list().stream().filter(Listener.class::isInstance).map(Listener.class::cast).toList();
        Instant now = Instant.now();
        report.lines("listeners", listeners, listener -> listener.protocol() + (listener.grants().admits(peer, now) ? ": the peer may use it"
                : ": the peer may not use it") + refusals(listener, peer));
        report.json().withList("Listeners", listeners.stream().map(listener -> Json.object().with("Protocol", listener.protocol())
                .with("Admitted", listener.grants().admits(peer, now))).toList());
        for (Listener listener : listeners) {
            if (!refusals(listener, peer).isEmpty() && !listener.grants().admits(peer, now)) {
                report.next("to let it use " + listener.protocol() + ": adit grant " + listener.protocol() + " " + peer);
            }
        }
    }

    private static String refusals(Listener listener, PeerId peer) {
        return listener.refusedPeers().stream().filter(refused -> refused.peer().equals(peer)).findFirst()
                .map(refused -> ", " + GrantListCommand.words(refused)).orElse("");
    }

    /** What went wrong last with the tunnels to the peer. */
    static void lastErrors(Daemon daemon, PeerId peer, WhyReport report) throws IOException {
        List<Tunnel> failed = daemon.tunnels().list().stream()
                .filter(tunnel -> tunnel instanceof Forwarder forwarder && forwarder.peer().equals(peer) && !tunnel.lastError().isEmpty()).toList();
        report.lines("last error", failed, tunnel -> tunnel.protocol() + ": " + tunnel.lastError());
        report.json().withList("LastErrors", failed.stream().map(tunnel -> Json.object().with("Protocol", tunnel.protocol())
                .with("Error", tunnel.lastError())).toList());
    }
}
