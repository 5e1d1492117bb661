package adit.relay;

import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.swarm.AnnouncePolicy;
import adit.swarm.Swarm;
import adit.swarm.SwarmSettings;
import adit.transport.BufferPool;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import adit.transport.TransportSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A real swarm on loopback with everything it needs. */
final class LoopbackNode implements AutoCloseable {
    final Loops loops = new Loops(0);
    final Deadlines deadlines = new Deadlines();
    final Swarm swarm;
    final Multiaddr address;

    LoopbackNode() throws IOException {
        this(AnnouncePolicy.NONE);
    }

    /** One that tells others so. */
    LoopbackNode(AnnouncePolicy policy) throws IOException {
        swarm = new Swarm(PrivateKey.generate(), SwarmSettings.defaults().withAnnounce(policy), TransportSettings.defaults(), new BufferPool(16), loops,
                deadlines, Log.silent());
        address = swarm.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"));
    }

    /** Connects and waits until both know what the other speaks. */
    void connect(LoopbackNode other) throws IOException {
        swarm.addressBook().add(other.swarm.self(), List.of(other.address), Duration.ofMinutes(5));
        swarm.connect(other.swarm.self());
        swarm.awaitIdentified(other.swarm.self());
    }

    int port() {
        return address.toTcp().orElseThrow().getPort();
    }

    /** The caller's @Timeout ends a wait that is in vain. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        Object monitor = new Object();
        synchronized (monitor) {
            while (!condition.getAsBoolean()) {
                monitor.wait(2);
            }
        }
    }

    @Override public void close() {
        swarm.close();
        deadlines.close();
        loops.close();
    }
}
