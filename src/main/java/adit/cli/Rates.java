package adit.cli;

import adit.tunnel.Tunnel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/** Payload a second of each tunnel, from one look to the next. For one thread. */
final class Rates {
    private final LongSupplier nanoTime;
    private Map<Tunnel, Look> before = Map.of();
    private Map<Tunnel, Look> now = Map.of();

    private record Look(long time, long received, long sent) {}

    /** @param nanoTime {@link System#nanoTime} */
    Rates(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void look(List<Tunnel> tunnels) {
        Map<Tunnel, Look> looks = new HashMap<>();
        for (Tunnel tunnel : tunnels) {
            looks.put(tunnel, new Look(nanoTime.getAsLong(), tunnel.counters().received.sum(), tunnel.counters().sent.sum()));
        }
        before = now;
        now = looks;
    }

    /** Bytes a second since the look before the last, 0 for a tunnel that was not there then. */
    long received(Tunnel tunnel) {
        return perSecond(tunnel, Look::received);
    }

    /** As {@link #received}. */
    long sent(Tunnel tunnel) {
        return perSecond(tunnel, Look::sent);
    }

    private long perSecond(Tunnel tunnel, ToLongFunction<Look> count) {
        Look first = before.get(tunnel);
        Look second = now.get(tunnel);
        if (first == null || second == null) {
            return 0;
        }
        double seconds = (second.time() - first.time()) / 1e9;
        return Math.round((count.applyAsLong(second) - count.applyAsLong(first)) / Math.max(seconds, 0.001));
    }
}
