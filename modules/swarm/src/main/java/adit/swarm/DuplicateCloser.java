package adit.swarm;

import adit.transport.Deadlines;
import adit.transport.Loops;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Closes connections beside a better one to the same peer once nothing runs on them; looks only while there are any. */
final class DuplicateCloser {
    private final Connections connections;
    private final Duration interval;
    private final Loops loops;
    private final Deadlines deadlines;
    private final AtomicBoolean pending = new AtomicBoolean();

    DuplicateCloser(Connections connections, SwarmSettings settings, Loops loops, Deadlines deadlines) {
        this.connections = connections;
        this.interval = settings.connectionGrace();
        this.loops = loops;
        this.deadlines = deadlines;
    }

    /** Looks once the grace of a new connection is over. */
    void lookLater() {
        if (connections.hasDuplicates() && pending.compareAndSet(false, true)) {
            deadlines.after(interval, () -> loops.start("duplicate connections", this::closeLoop));
        }
    }

    private void closeLoop() {
        pending.set(false);
        for (PeerConnection superfluous : connections.superfluous()) {
            superfluous.connection().close("another connection to the same peer is used");
        }
        lookLater();
    }
}
