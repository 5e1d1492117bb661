package adit.cli;

import adit.swarm.Swarm;
import adit.tunnel.Counters;
import adit.tunnel.Forwarder;
import adit.tunnel.Listener;
import adit.tunnel.Tunnel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Shows the tunnels. */
final class ListCommand extends Command {
    ListCommand() {
        super(new Syntax("ls", "p2p/ls", List.of(), List.of(Option.flag("print a line of headers first", "headers", "v")),
                "show the tunnels", """
                Forwarders come first, then listeners, each in the order in which they were made; then those of the config that could not be
                opened yet, with the reason: they are tried again. --enc=json tells more: connections, bytes, the last error.

                Example: adit ls -v"""));
    }

    @Override
    void serve(Call call) throws IOException {
        Table table = new Table(call.flag("headers") ? List.of("Protocol", "Listen Address", "Target Address") : null);
        List<Json> all = new ArrayList<>();
        SavedTunnels saved = call.daemon().saved();
        for (Tunnel tunnel : call.daemon().tunnels().list()) {
            table.row(tunnel.protocol(), tunnel.listenAddress(), call.daemon().names().beside(tunnel.targetAddress()));
            all.add(json(tunnel, call.daemon().swarm()).with("Saved", saved.entryOf(tunnel) != null).with("State", "open"));
        }
        for (SavedTunnels.Waiting waiting : saved.waiting()) {
            TunnelEntry entry = waiting.entry();
            String listenAddress = entry.listenAddress(call.daemon().swarm().self());
            table.row(entry.protocol(), listenAddress, entry.targetAddress() + " (not open: " + DaemonLog.oneLine(waiting.error()) + ")");
            all.add(Json.object().with("Protocol", entry.protocol()).with("ListenAddress", listenAddress)
                    .with("TargetAddress", entry.targetAddress()).with("Kind", entry.kind()).with("LastError", waiting.error())
                    .with("Saved", true).with("State", "waiting").with("Attempts", waiting.failures()));
        }
        call.answer(table.toString(), Json.object().withList("Listeners", all));
    }

    /** Kubo's three fields, then more. */
    private static Json json(Tunnel tunnel, Swarm swarm) {
        Counters counters = tunnel.counters();
        Json json = Json.object().with("Protocol", tunnel.protocol()).with("ListenAddress", tunnel.listenAddress())
                .with("TargetAddress", tunnel.targetAddress()).with("Kind", tunnel instanceof Listener ? "listener" : "forwarder")
                .with("Opened", tunnel.opened().toString()).with("StreamsOpened", counters.opened.sum())
                .with("StreamsClosed", counters.closed.sum()).with("StreamsFailed", counters.failed.sum())
                .with("BytesReceived", counters.received.sum()).with("BytesSent", counters.sent.sum())
                .with("LastError", tunnel.lastError());
        if (tunnel instanceof Forwarder forwarder) {
            json.with("PeerError", swarm.peeringFailure(forwarder.peer()));
        }
        if (tunnel instanceof Listener listener) {
            json.with("ReportPeerID", listener.reportsPeerId()).with("AnyPeer", listener.grants().isAnyone())
                    .with("Allowed", listener.grants().list());
        }
        return json.with("MaxStreams", tunnel.limits().streams()).with("Rate", tunnel.limits().bytesPerSecond());
    }
}
