package adit.cli;

import adit.dht.Bootstrap;
import adit.dht.Dht;
import adit.dht.OutsideView;
import adit.identity.PeerId;
import adit.relay.PortMapper;
import adit.relay.PortMapping;
import adit.swarm.Swarm;
import adit.transport.Connection;
import adit.tunnel.Counters;
import adit.tunnel.Forwarder;
import adit.tunnel.Listener;
import adit.tunnel.LiveStream;
import adit.tunnel.RefusedPeer;
import adit.tunnel.Tunnel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One screen about the daemon: who it is, where it listens, its tunnels, its peers. */
final class StatusCommand extends Command {
    /** Peers that were refused, for each listener; "adit grants" shows more. */
    private static final int SHOWN_REFUSED = 3;
    private static final Duration WATCH_PERIOD = Duration.ofSeconds(2);

    StatusCommand() {
        super(new Syntax("status", "status", List.of(), List.of(
                Option.flag("show it again every two seconds, with the payload a second of each tunnel", "watch", "w")),
                "one screen about the daemon, its tunnels and its peers", "Example: adit status --watch"));
    }

    @Override
    int run(Invocation invocation, Terminal terminal) throws IOException {
        if (!invocation.flag("watch")) {
            return super.run(invocation, terminal);
        }
        String kind = System.getenv("TERM");
        boolean isTerminal = System.console() != null && System.console().isTerminal() && kind != null && !kind.equals("dumb");
        ScreenStream out = new ScreenStream(terminal.out(), isTerminal);
        return super.run(invocation, new Terminal(terminal.in(), out, terminal.err(), terminal.directory()));
    }

    @Override
    void serve(Call call) throws IOException {
        if (!call.flag("watch")) {
            Screen screen = screen(call.daemon(), null);
            call.answer(screen.text(), screen.json());
            return;
        }
        CountDownLatch gone = new CountDownLatch(1);
        call.exchange().onDisconnect(gone::countDown);
        Rates rates = new Rates(System::nanoTime);
        try {
            do {
                rates.look(call.daemon().tunnels().list());
                Screen screen = screen(call.daemon(), rates);
                call.emit("\f" + screen.text(), screen.json());
            } while (!gone.await(WATCH_PERIOD.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException clientIsGone) {
            Thread.currentThread().interrupt();
        }
    }

    /** The same in words and as JSON. */
    private record Screen(String text, Json json) {}

    /** @param rates null when they are not shown */
    private static Screen screen(Daemon daemon, Rates rates) throws IOException {
        Swarm swarm = daemon.swarm();
        StringBuilder text = new StringBuilder();
        text.append("peer id     ").append(swarm.self()).append('\n');
        text.append("running     ").append(age(daemon.age())).append(", version ").append(VersionCommand.VERSION)
                .append(", pid ").append(ProcessHandle.current().pid()).append('\n');
        swarm.listenAddresses().forEach(address -> text.append("listening   ").append(address).append('\n'));
        swarm.announcedAddresses().forEach(address -> text.append("announced   ").append(address).append('\n'));
        PortMapper.Status mappings = daemon.reachable().portMappings();
        mappings.mappings().forEach(mapping -> text.append("mapped      ").append(words(mapping)).append('\n'));
        Json json = Json.object().with("ID", swarm.self()).with("Version", VersionCommand.VERSION)
                .with("PID", ProcessHandle.current().pid())
                .with("UptimeSeconds", daemon.age().toSeconds()).withList("ListenAddresses", swarm.listenAddresses())
                .withList("AnnouncedAddresses", swarm.announcedAddresses())
                .withList("PortMappings", mappings.mappings().stream().map(StatusCommand::json).toList())
                .with("PortMappingFailure", mappings.failure());
        text.append("reachability ").append(ReachabilityText.words(daemon.reachable().autoNat())).append('\n');
        json.with("Reachability", ReachabilityText.json(daemon.reachable().autoNat()));
        daemon.discovery().dht().ifPresent(dht -> routing(dht, text, json));
        bootstrap(daemon.discovery().bootstrap(), text, json);
        daemon.reachable().relays().ifPresent(relays -> RelayText.standings(relays.standings(), text, json));
        daemon.reachable().relayService().ifPresent(service -> RelayText.service(service.status(), text, json));
        tunnels(daemon, rates, text, json);
        peers(swarm, daemon.names(), text, json);
        return new Screen(text.toString(), json);
    }

    static String words(PortMapping mapping) {
        return mapping.address() + " to port " + mapping.port() + " by " + mapping.gateway().getHostAddress() + " (" + mapping.means() + ")"
                + (mapping.isPublic() ? "" : ", which is behind another NAT: not announced");
    }

    static Json json(PortMapping mapping) {
        return Json.object().with("Address", mapping.address()).with("Port", mapping.port()).with("Gateway", mapping.gateway().getHostAddress())
                .with("Means", mapping.means()).with("Public", mapping.isPublic());
    }

    private static void routing(Dht dht, StringBuilder text, Json json) {
        text.append("routing     ").append(RoutingText.words(dht.status())).append('\n');
        for (OutsideView view : dht.seenFromOutside()) {
            text.append("found       ").append(RoutingText.words(view)).append(" (").append(age(dht.sinceSeen())).append(" ago)\n");
        }
        json.with("Routing", RoutingText.json(dht.status())).withList("Seen", dht.seenFromOutside().stream().map(RoutingText::json).toList());
    }

    private static void bootstrap(Bootstrap.Status status, StringBuilder text, Json json) {
        if (status.dead() > 0) {
            text.append("bootstrap   ").append(status.dead()).append(" of ").append(status.nodes()).append(" nodes cannot be reached\n");
        }
        json.with("Bootstrap", Json.object().with("Nodes", status.nodes()).with("Unreachable", status.dead()));
    }

    private static void tunnels(Daemon daemon, Rates rates, StringBuilder text, Json json) {
        List<LiveStream> streams = daemon.tunnels().streams();
        Table table = new Table(List.of("TUNNEL", "FROM", "TO", "LIVE", "FAILED", "RECEIVED", "SENT"));
        List<Json> all = new ArrayList<>();
        StringBuilder errors = new StringBuilder();
        for (Tunnel tunnel : daemon.tunnels().list()) {
            Counters counters = tunnel.counters();
            long live = Math.max(0, counters.opened.sum() - counters.closed.sum() - counters.failed.sum());
            table.row(tunnel.protocol(), tunnel.listenAddress(), daemon.names().beside(tunnel.targetAddress()), Long.toString(live),
                    Long.toString(counters.failed.sum()),
                    bytes(counters.received.sum()) + (rates == null ? "" : ", " + bytes(rates.received(tunnel)) + "/s"),
                    bytes(counters.sent.sum()) + (rates == null ? "" : ", " + bytes(rates.sent(tunnel)) + "/s"));
            Json one = Json.object().with("Protocol", tunnel.protocol()).with("ListenAddress", tunnel.listenAddress())
                    .with("TargetAddress", tunnel.targetAddress()).with("Live", live).with("Failed", counters.failed.sum())
                    .with("BytesReceived", counters.received.sum()).with("BytesSent", counters.sent.sum())
                    .with("LastError", tunnel.lastError());
            if (rates != null) {
                one.with("ReceivedPerSecond", rates.received(tunnel)).with("SentPerSecond", rates.sent(tunnel));
            }
            all.add(tunnel instanceof Listener listener ? GrantListCommand.json(one, listener) : one);
            if (tunnel instanceof Listener listener) {
                admission(listener, daemon.names(), errors);
            }
            if (tunnel instanceof Forwarder forwarder && !daemon.swarm().peeringFailure(forwarder.peer()).isEmpty()) {
                errors.append("the peer of ").append(tunnel.protocol()).append(" is away, it is tried again: ")
                        .append(DaemonLog.oneLine(daemon.swarm().peeringFailure(forwarder.peer()))).append('\n');
            }
            if (!tunnel.lastError().isEmpty()) {
                errors.append("last error of ").append(tunnel.protocol()).append(": ").append(DaemonLog.oneLine(tunnel.lastError()))
                        .append('\n');
            }
        }
        waiting(daemon, errors, all);
        text.append(all.isEmpty() ? "tunnels     none\n" : "\n" + table).append(errors);
        json.withList("Tunnels", all).with("LiveStreams", streams.size());
    }

    /** Those of the config that are not open yet. */
    private static void waiting(Daemon daemon, StringBuilder errors, List<Json> all) {
        for (SavedTunnels.Waiting waiting : daemon.saved().waiting()) {
            TunnelEntry entry = waiting.entry();
            String error = DaemonLog.oneLine(waiting.error());
            errors.append(entry.name()).append(" is not open yet, it is tried again: ").append(error).append('\n');
            all.add(Json.object().with("Protocol", entry.protocol()).with("ListenAddress", entry.listenAddress(daemon.swarm().self()))
                    .with("TargetAddress", entry.targetAddress()).with("Attempts", waiting.failures()).with("LastError", waiting.error()));
        }
    }

    /** Whether it is open to all, and who asked in vain last. */
    private static void admission(Listener listener, PeerNames names, StringBuilder text) {
        if (listener.grants().isAnyone()) {
            text.append("any peer may use ").append(listener.protocol()).append('\n');
        }
        for (RefusedPeer refused : listener.refusedPeers().stream().limit(SHOWN_REFUSED).toList()) {
            text.append("peer ").append(names.beside(refused.peer().toString())).append(" wants to use ").append(listener.protocol()).append(": ")
                    .append(GrantListCommand.words(refused)).append('\n');
        }
    }

    private static void peers(Swarm swarm, PeerNames names, StringBuilder text, Json json) {
        TreeSet<PeerId> ids = new TreeSet<>(swarm.peered());
        swarm.connections().forEach(connection -> ids.add(connection.remotePeer()));
        Table table = new Table(List.of("PEER", "PATH", "ROUND TRIP", "STREAMS", "AGENT"));
        StringBuilder reasons = new StringBuilder();
        List<Json> all = new ArrayList<>();
        for (PeerId peer : ids) {
            Connection connection = swarm.connections().stream().filter(each -> each.remotePeer().equals(peer)).findFirst().orElse(null);
            String agent = swarm.identified(peer).map(told -> DaemonLog.oneLine(told.agentVersion())).orElse("");
            String path = connection == null ? "not connected" : PathText.of(connection);
            String roundTrip = connection == null || connection.roundTrip().isZero() ? "-" : GoDuration.text(connection.roundTrip());
            String streams = connection == null ? "0" : Integer.toString(connection.streams().size());
            table.row(names.beside(peer.toString()), path, roundTrip, streams, agent);
            String upgrade = swarm.upgrades().failure(peer);
            if (!upgrade.isEmpty()) {
                reasons.append("no direct connection to ").append(names.beside(peer.toString())).append(": ").append(DaemonLog.oneLine(upgrade)).append('\n');
            }
            all.add((connection == null ? Json.object() : PathText.json(connection)).with("ID", peer).with("Path", path).with("RoundTrip", roundTrip)
                    .with("Streams", Integer.parseInt(streams))
                    .with("AgentVersion", agent).with("Name", names.of(peer)));
        }
        text.append(all.isEmpty() ? "peers       none\n" : "\n" + table).append(reasons);
        json.withList("Peers", all);
    }

    static String age(Duration age) {
        return age.toHours() > 0 ? age.toHours() + " h " + age.toMinutesPart() + " min"
                : age.toMinutes() > 0 ? age.toMinutes() + " min " + age.toSecondsPart() + " s" : age.toSeconds() + " s";
    }

    static String bytes(long count) {
        return count < 10_000 ? count + " B" : count < 10_000_000 ? count / 1000 + " kB" : count / 1_000_000 + " MB";
    }
}
