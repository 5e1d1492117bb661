package adit.cli;

import adit.dht.Bootstrap;
import adit.dht.BootstrapSettings;
import adit.dht.DnsAddressResolver;
import adit.dht.KnownPeer;
import adit.swarm.Swarm;
import adit.transport.Log;
import adit.transport.Loops;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How peers are found whose addresses nobody gave: wired as the config says. */
final class Discovery implements AutoCloseable {
    private final Bootstrap bootstrap;

    /** Starts at once; does not block. */
    Discovery(Config config, Swarm swarm, Loops loops, Log log) throws IOException {
        swarm.resolveDnsAddressBy(config.dnsResolver().map(DnsAddressResolver::of).orElseGet(DnsAddressResolver::ofSystem));
        bootstrap = new Bootstrap(swarm, BootstrapSettings.defaults(), loops, log);
        useBootstrap(config);
        bootstrap.start();
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

    @Override public void close() {
        bootstrap.close();
    }
}
