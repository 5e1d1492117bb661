package adit.cli;

import adit.relay.RelayLimit;
import adit.transport.CircuitLimit;
import adit.transport.Connection;
import adit.transport.ConnectionPath;
import java.time.Duration;
import java.util.Locale;

/** How a connection travels, in words and as JSON. */
final class PathText {
    private PathText() {}

    /** "direct /ip4/…", "punched /ip4/…", "relayed /ip4/…/p2p-circuit, 120 kB and 58 s left". */
    static String of(Connection connection) {
        CircuitLimit limit = connection.limit();
        return word(connection) + " " + connection.remoteAddress() + (limit.isLimited() ? ", " + left(limit) : "");
    }

    private static String word(Connection connection) {
        return connection.path().toString().toLowerCase(Locale.ROOT);
    }

    private static String left(CircuitLimit limit) {
        String bytes = limit.bytesLeft() == Long.MAX_VALUE ? "" : StatusCommand.bytes(limit.bytesLeft());
        String time = limit.timeLeft().toDays() > 365 ? "" : StatusCommand.age(limit.timeLeft());
        return bytes + (bytes.isEmpty() || time.isEmpty() ? "" : " and ") + time + " left";
    }

    /** ", each circuit 131 kB and 2 min": what follows a reservation. */
    static String limit(RelayLimit limit) {
        String bytes = limit.data() == 0 ? "" : StatusCommand.bytes(limit.data());
        String time = limit.duration().isZero() ? "" : StatusCommand.age(limit.duration());
        return limit.isNone() ? ", without limits" : ", each circuit " + bytes + (bytes.isEmpty() || time.isEmpty() ? "" : " and ") + time;
    }

    static Json json(Connection connection) {
        return json(connection, Json.object());
    }

    /** Adds Kind ("direct", "punched", "relayed") and, where a relay limits it, what is left of that. */
    static Json json(Connection connection, Json json) {
        CircuitLimit limit = connection.limit();
        boolean isRelayed = connection.path() == ConnectionPath.RELAYED;
        Duration time = limit.timeLeft();
        return json.with("Kind", word(connection)).with("BytesLeft", isRelayed && limit.bytesLeft() < Long.MAX_VALUE ? limit.bytesLeft() : null)
                .with("SecondsLeft", isRelayed && time.toDays() <= 365 ? time.toSeconds() : null);
    }
}
