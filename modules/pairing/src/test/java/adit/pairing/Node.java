package adit.pairing;

import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.swarm.Swarm;
import adit.swarm.SwarmSettings;
import adit.transport.BufferPool;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import adit.transport.TransportSettings;
import java.time.Duration;

/** A swarm on loopback that can pair. */
final class Node implements AutoCloseable {
    private final Loops loops = new Loops(0);
    private final Deadlines deadlines = new Deadlines();
    final Swarm swarm;
    final Pairing pairing;

    Node() throws Exception {
        this(Duration.ofMinutes(10));
    }

    Node(Duration lifetime) throws Exception {
        swarm = new Swarm(PrivateKey.generate(), SwarmSettings.defaults(), TransportSettings.defaults(), new BufferPool(16), loops, deadlines, Log.silent());
        swarm.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"));
        pairing = new Pairing(swarm, new PairingSettings(lifetime, 3, Duration.ofSeconds(30), 4), deadlines, Log.silent());
    }

    @Override public void close() {
        pairing.close();
        swarm.close();
        deadlines.close();
        loops.close();
    }
}
