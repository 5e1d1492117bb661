package adit.dht;

import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.swarm.Swarm;
import adit.swarm.SwarmSettings;
import adit.transport.BufferPool;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import adit.transport.TransportSettings;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A real swarm on loopback with everything it needs. */
final class LoopbackNode implements AutoCloseable {
    final Loops loops = new Loops(0);
    final Deadlines deadlines = new Deadlines();
    final RecordingLog log = new RecordingLog();
    final Swarm swarm;
    final Multiaddr address;

    LoopbackNode() throws IOException {
        this(true);
    }

    /** @param isListening otherwise it has no address */
    LoopbackNode(boolean isListening) throws IOException {
        swarm = new Swarm(PrivateKey.generate(), SwarmSettings.defaults(), TransportSettings.defaults(), new BufferPool(16), loops, deadlines,
                Log.silent());
        address = isListening ? swarm.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")) : null;
    }

    KnownPeer known() {
        return new KnownPeer(swarm.self(), List.of(address));
    }

    boolean isConnected(LoopbackNode other) {
        return swarm.isConnected(other.swarm.self());
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
