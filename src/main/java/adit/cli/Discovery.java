package adit.cli;

import adit.dht.Bootstrap;
import adit.dht.BootstrapSettings;
import adit.dht.Dht;
import adit.dht.DhtSettings;
import adit.dht.DnsAddressResolver;
import adit.dht.KnownPeer;
import adit.dht.Mdns;
import adit.dht.PeerMemory;
import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.Swarm;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How peers are found whose addresses nobody gave: wired as the config says. */
final class Discovery implements AutoCloseable {
    private static final Duration SAVE_PERIOD = Duration.ofMinutes(1);

    private final DnsAddressResolver names;
    private final Bootstrap bootstrap;
    private final Dht dht;
    private final PeerMemory memory;
    private final PeersFile file;
    private final Deadlines.Deadline saving;
    private final Mdns mdns;

    /** Starts at once; does not block. */
    Discovery(Config config, DaemonDirectory directory, Swarm swarm, Reachable reachable, Loops loops, Deadlines deadlines, Log log) throws IOException {
        names = config.dnsResolver().map(DnsAddressResolver::of).orElseGet(DnsAddressResolver::ofSystem);
        swarm.dialer().resolveDnsAddressBy(names);
        DhtSettings routing = config.dht().orElse(null);
        dht = routing == null ? null : new Dht(swarm, routing, reachable::isReachable, loops, deadlines, log.named("dht"));
        if (dht != null) {
            dht.start();
        }
        memory = new PeerMemory(swarm);
        file = new PeersFile(directory.path(), log);
        bootstrap = new Bootstrap(swarm, BootstrapSettings.defaults(), loops, log);
        bootstrap.remember(memory.restore(file.read()));
        useBootstrap(config);
        bootstrap.start();
        swarm.networkWatch().onChange(bootstrap::retry);
        mdns = new Mdns(swarm, swarm.ownAddresses()::ofInterfaces, loops, deadlines, log);
        if (config.isMdnsEnabled()) {
            mdns.start();
        }
        saving = deadlines.every(SAVE_PERIOD, () -> loops.start("peers file", this::savePeers));
    }

    /** The DHT; empty when it is switched off. */
    Optional<Dht> dht() {
        return Optional.ofNullable(dht);
    }

    /**
     * The one peer that a name of the DNS stands for; blocks while the DNS is asked. From then on its id counts: whom the name stands
     * for later is another question.
     *
     * @param name what follows /dnsaddr/
     */
    PeerAddress peerNamed(String name) throws IOException {
        Set<PeerId> peers = names.peers(name);
        if (peers.size() > 1) {
            throw new CommandException("/dnsaddr/" + name + " stands for " + peers.size() + " peers",
                    "name the one you mean: " + peers.stream().map(peer -> "/dnsaddr/" + name + "/p2p/" + peer).collect(Collectors.joining(", ")));
        }
        return new PeerAddress(peers.iterator().next(), List.of(Multiaddr.parse("/dnsaddr/" + name)));
    }

    /** How it stands with the bootstrap nodes. */
    Bootstrap.Status bootstrap() {
        return bootstrap.status();
    }

    /** What to do when a peer is not found because this node knows no others; null when it knows some, or was told where the peer is. */
    String hint(PeerAddress wanted) {
        boolean isAlone = dht().map(Dht::status).filter(status -> status.wideSize() + status.localSize() == 0).isPresent();
        if (!isAlone || !wanted.addresses().isEmpty()) {
            return null;
        }
        Bootstrap.Status nodes = bootstrap.status();
        return nodes.nodes() == 0 ? "this node has no bootstrap nodes: adit bootstrap add auto"
                : nodes.dead() + " of " + nodes.nodes() + " bootstrap nodes cannot be reached: the daemon's log says why";
    }

    /** The list of bootstrap nodes has changed. */
    void useBootstrap(Config config) throws IOException {
        List<KnownPeer> nodes = new ArrayList<>();
        for (String text : Config.expanded(config.bootstrap())) {
            PeerAddress node = PeerAddress.parse(text);
            nodes.add(new KnownPeer(node.peer(), node.addresses()));
        }
        bootstrap.use(nodes);
    }

    /** Writes peers.json; before the tunnels end, since they say whom they want. */
    void savePeers() {
        file.write(memory.current());
    }

    @Override public void close() {
        saving.close();
        mdns.close();
        bootstrap.close();
        if (dht != null) {
            dht.close();
        }
    }
}
