package adit.cli;

import adit.relay.RelayService;
import adit.relay.Relays;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How it stands with the relays that hold places for this node, and with the relay that it is itself, in words and as JSON. */
final class RelayText {
    private RelayText() {}

    /** Relays that merely could be asked are left out. */
    static void standings(List<Relays.Standing> standings, StringBuilder text, Json json) {
        List<Relays.Standing> shown = standings.stream().filter(each -> each.reservation() != null || !each.failure().isEmpty()).toList();
        shown.forEach(each -> text.append("relay       ").append(each.relay()).append(": ").append(words(each)).append('\n'));
        json.withList("Relays", shown.stream().map(RelayText::json).toList());
    }

    /** Of the relay that this node is. */
    static void service(RelayService.Status status, StringBuilder text, Json json) {
        text.append("relaying    ").append(status.circuits()).append(" circuits now, ").append(status.circuitsServed()).append(" so far, ")
                .append(StatusCommand.bytes(status.bytesRelayed())).append("; ").append(status.reservations()).append(" reservations, ")
                .append(status.refusals()).append(" requests refused\n");
        json.with("RelayService", Json.object().with("Circuits", status.circuits()).with("CircuitsServed", status.circuitsServed())
                .with("BytesRelayed", status.bytesRelayed()).with("Reservations", status.reservations()).with("Refusals", status.refusals()));
    }

    private static String words(Relays.Standing each) {
        return each.reservation() == null ? DaemonLog.oneLine(each.failure())
                : "reserved for " + StatusCommand.age(Duration.between(Instant.now(), each.reservation().expires())) + PathText.limit(each.reservation().limit());
    }

    private static Json json(Relays.Standing each) {
        return Json.object().with("ID", each.relay()).with("Reserved", each.reservation() != null)
                .with("Expires", each.reservation() == null ? null : each.reservation().expires()).with("Failure", each.failure());
    }
}
