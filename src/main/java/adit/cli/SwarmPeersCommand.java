package adit.cli;

import adit.swarm.IdentifiedPeer;
import adit.swarm.Swarm;
import adit.transport.Connection;
import adit.transport.Direction;
import adit.transport.Stream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/** Shows the connections. */
final class SwarmPeersCommand extends Command {
    SwarmPeersCommand() {
        super(new Syntax("swarm peers", "swarm/peers", List.of(), List.of(Option.flag("all of the following", "verbose", "v"),
                Option.flag("also the protocols of open streams", "streams"), Option.flag("also the round trip", "latency"),
                Option.flag("also who dialled", "direction"), Option.flag("also what the peer tells of itself", "identify")),
                "show the connections to peers", "Example: adit swarm peers --direction"));
    }

    @Override
    void serve(Call call) throws IOException {
        Swarm swarm = call.daemon().swarm();
        List<Connection> connections = new ArrayList<>(swarm.connections());
        connections.sort(Comparator.comparing((Connection connection) -> connection.remotePeer().toString())
                .thenComparing(connection -> connection.remoteAddress().toString()));
        StringBuilder text = new StringBuilder();
        List<Json> all = new ArrayList<>();
        for (Connection connection : connections) {
            IdentifiedPeer told = swarm.identified(connection.remotePeer()).orElse(null);
            text(call, connection, told, text);
            all.add(json(call, connection, told));
        }
        call.answer(text.toString(), Json.object().withList("Peers", all));
    }

    private static boolean wants(Call call, String option) {
        return call.flag(option) || call.flag("verbose");
    }

    private static void text(Call call, Connection connection, IdentifiedPeer told, StringBuilder text) {
        text.append(connection.remoteAddress()).append("/p2p/").append(connection.remotePeer());
        if (wants(call, "latency")) {
            text.append(' ').append(latency(connection));
        }
        if (wants(call, "direction")) {
            text.append(' ').append(connection.direction() == Direction.INBOUND ? "inbound" : "outbound");
        }
        text.append('\n');
        if (wants(call, "streams")) {
            for (Stream stream : connection.streams()) {
                text.append("  ").append(stream.protocol().isEmpty() ? "<no protocol name>" : DaemonLog.oneLine(stream.protocol()))
                        .append('\n');
            }
        }
        if (wants(call, "identify") && told != null) {
            text.append("  agent ").append(DaemonLog.oneLine(told.agentVersion())).append('\n');
            told.protocols().stream().sorted().map(DaemonLog::oneLine)
                    .forEach(protocol -> text.append("  serves ").append(protocol).append('\n'));
        }
    }

    private static String latency(Connection connection) {
        Duration roundTrip = connection.roundTrip();
        return roundTrip.isZero() ? "n/a" : GoDuration.text(roundTrip);
    }

    /** Kubo's numbers of directions are 1 for inbound and 2 for outbound. */
    private static Json json(Call call, Connection connection, IdentifiedPeer told) {
        Json json = Json.object().with("Addr", connection.remoteAddress()).with("Peer", connection.remotePeer())
                .with("Latency", wants(call, "latency") ? latency(connection) : "")
                .with("Muxer", wants(call, "streams") ? connection.muxer() : "")
                .with("Direction", wants(call, "direction") ? connection.direction() == Direction.INBOUND ? 1 : 2 : 0);
        List<Json> streams = new ArrayList<>();
        if (wants(call, "streams")) {
            connection.streams().forEach(stream -> streams.add(Json.object().with("Protocol", stream.protocol())));
        }
        return json.withList("Streams", streams).with("Identify", identify(wants(call, "identify") ? told : null))
                .with("Security", connection.security()).with("Opened", connection.opened());
    }

    private static Json identify(IdentifiedPeer told) {
        if (told == null) {
            return Json.object().with("ID", "").with("PublicKey", "").with("Addresses", null).with("AgentVersion", "")
                    .with("Protocols", null);
        }
        return Json.object().with("ID", told.peerId()).with("PublicKey", Base64.getEncoder().encodeToString(told.publicKey().toProtobuf()))
                .withList("Addresses", told.listenAddresses()).with("AgentVersion", told.agentVersion())
                .withList("Protocols", told.protocols().stream().sorted().toList());
    }
}
