package adit.dht;

import adit.identity.PeerId;
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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Many DHT servers in one process, to fill a network for tools/bench --dht. */
final class Crowd {
    private Crowd() {}

    /**
     * Runs until it is killed; prints a line when all have joined.
     *
     * @param arguments the address of a node with /p2p, how many, and their addresses with %d for the number, from 1 on
     */
    public static void main(String[] arguments) throws Exception {
        Multiaddr hub = Multiaddr.parse(arguments[0]);
        KnownPeer known = new KnownPeer(PeerId.parse(hub.lastPeerId().orElseThrow()), List.of(hub.withoutTrailingPeerId().orElseThrow()));
        Loops loops = new Loops(0);
        Deadlines deadlines = new Deadlines();
        BufferPool pool = new BufferPool(64);
        // on one host all come from few addresses
        SwarmSettings settings = new SwarmSettings("crowd", Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(250), 8, Duration.ofSeconds(10),
                Duration.ofSeconds(10), 1024, 8, 1024, Duration.ofSeconds(20), 32, 2048, AnnouncePolicy.NONE);
        for (int number = 1; number <= Integer.parseInt(arguments[1]); number++) {
            Swarm swarm = new Swarm(PrivateKey.generate(), settings, TransportSettings.defaults(), pool, loops, deadlines, Log.silent());
            swarm.listen(Multiaddr.parse(arguments[2].formatted(number)));
            new Dht(swarm, DhtSettings.defaults().with(DhtMode.SERVER, "/ipfs", false), () -> true, loops, deadlines, Log.silent()).start();
            swarm.addressBook().add(known.id(), known.addresses(), Duration.ofDays(1));
            swarm.connect(known.id(), true);
        }
        System.out.println("joined");
        new CountDownLatch(1).await();
    }
}
