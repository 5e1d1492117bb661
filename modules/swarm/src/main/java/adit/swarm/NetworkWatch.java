package adit.swarm;

import adit.transport.ConnectionPath;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Notices that this machine has other addresses than a moment ago, or has slept: nobody tells a Java program, so it looks every few seconds.
 * Then every connection must show that it lives, and every peer that was given up deserves a new try. The monitor guards what was seen last.
 */
public final class NetworkWatch implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(5);

    /** More than this between two looks, by either clock, was a sleep. */
    private static final Duration SLEEP = Duration.ofSeconds(30);

    private final AnnouncedAddresses addresses;
    private final Connections connections;
    private final Dialer dialer;
    private final PeerKeeper keeper;
    private final Log log;
    private final Deadlines.Deadline looking;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private Set<InetAddress> seen;
    private long nanoTime = System.nanoTime();
    private long wallClock = System.currentTimeMillis();

    NetworkWatch(AnnouncedAddresses addresses, Connections connections, Dialer dialer, PeerKeeper keeper, Loops loops, Deadlines deadlines, Log log) {
        this.addresses = addresses;
        this.connections = connections;
        this.dialer = dialer;
        this.keeper = keeper;
        this.log = log;
        seen = addresses.ofMachine();
        looking = deadlines.every(PERIOD, () -> loops.start("network watch", this::look));
    }

    /** The listener hears of each change; it must not block. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private void look() {
        String change = change();
        if (change.isEmpty()) {
            return;
        }
        log.info("%s: every connection is probed", change);
        dialer.backOff().clear();
        connections.all().forEach(this::probe);
        addresses.changed();
        keeper.newsOfAll();
        listeners.forEach(Runnable::run);
    }

    private synchronized String change() {
        Set<InetAddress> before = seen;
        long slept = Math.max(System.nanoTime() - nanoTime, (System.currentTimeMillis() - wallClock) * 1_000_000);
        seen = addresses.ofMachine();
        nanoTime = System.nanoTime();
        wallClock = System.currentTimeMillis();
        if (!before.equals(seen)) {
            return "this machine has other addresses than before";
        }
        return slept > SLEEP.toNanos() ? "this machine has slept for " + Duration.ofNanos(slept).toSeconds() + " s" : "";
    }

    private void probe(PeerConnection each) {
        boolean hasAddress = each.connection().localAddress().toTcp().map(InetSocketAddress::getAddress).filter(this::isOurs).isPresent();
        if (each.connection().path() == ConnectionPath.RELAYED || hasAddress) {
            each.connection().probe();
        } else {
            each.connection().close("this machine has lost the address " + each.connection().localAddress());
        }
    }

    private synchronized boolean isOurs(InetAddress address) {
        return address.isLoopbackAddress() || address.isLinkLocalAddress() || seen.contains(address);
    }

    @Override public void close() {
        looking.close();
    }
}
