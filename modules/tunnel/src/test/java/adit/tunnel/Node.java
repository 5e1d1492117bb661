package adit.tunnel;

import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.swarm.RelayPolicy;
import adit.swarm.Swarm;
import adit.swarm.SwarmSettings;
import adit.transport.BufferPool;
import adit.transport.Deadlines;
import adit.transport.Loops;
import adit.transport.TransportSettings;
import java.time.Duration;
import java.util.List;

/** A swarm on loopback with its tunnels. */
final class Node implements AutoCloseable {
    static final TunnelSettings QUICK =
            new TunnelSettings(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(10), Duration.ofSeconds(20), 1000);

    final BufferPool pool = new BufferPool(16);
    final Loops loops;
    final Deadlines deadlines = new Deadlines();
    final RecordingLog log = new RecordingLog();
    final Swarm swarm;
    final Multiaddr address;
    final Tunnels tunnels;

    Node() throws Exception {
        this("adit/test", QUICK, 4);
    }

    Node(String agentVersion, TunnelSettings settings, int hotThreads) throws Exception {
        loops = new Loops(hotThreads);
        swarm = new Swarm(PrivateKey.generate(), swarmSettings(agentVersion), TransportSettings.defaults(), pool, loops, deadlines, log);
        address = swarm.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"));
        tunnels = new Tunnels(swarm, settings, pool, loops, deadlines, log);
    }

    static TunnelSettings drainingWithin(Duration limit) {
        return new TunnelSettings(QUICK.targetTimeout(), QUICK.halfCloseGrace(), QUICK.abandonedDialGrace(), limit, QUICK.maximumStreams());
    }

    static TunnelSettings withMaximumStreams(int maximum) {
        return new TunnelSettings(QUICK.targetTimeout(), QUICK.halfCloseGrace(), QUICK.abandonedDialGrace(), QUICK.drainTimeout(), maximum);
    }

    private static SwarmSettings swarmSettings(String agentVersion) {
        return SwarmSettings.defaults().withAgentVersion(agentVersion);
    }

    Listener listen(String protocol, Multiaddr target) {
        return tunnels.listen(protocol, target, false, false, true, Grants.ANYONE, Limits.NONE);
    }

    /** A forwarder on a port of the kernel's choice. */
    Forwarder forward(String protocol, Node to) throws Exception {
        return tunnels.forward(protocol, Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), to.swarm.self(), List.of(to.address), false, Limits.NONE, RelayPolicy.UNTIL_DIRECT);
    }

    @Override public void close() {
        swarm.close();
        tunnels.close();
        deadlines.close();
        loops.close();
    }
}
