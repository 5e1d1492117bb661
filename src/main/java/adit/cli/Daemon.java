package adit.cli;

import adit.control.ApiFile;
import adit.control.ControlServer;
import adit.control.ControlSettings;
import adit.control.DaemonLock;
import adit.control.GroupAccess;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.pairing.Pairing;
import adit.pairing.PairingSettings;
import adit.swarm.AddressBook;
import adit.swarm.Swarm;
import adit.swarm.SwarmSettings;
import adit.transport.BufferPool;
import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import adit.transport.TransportSettings;
import adit.tunnel.TunnelSettings;
import adit.tunnel.Tunnels;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The wiring: lock, key, config, swarm, tunnels, control socket, api file, in this order, and back. Built with plain {@code new};
 * what was opened is closed in reverse when a later step fails.
 */
final class Daemon implements AutoCloseable {
    /** Loops of tunnels that get a platform thread of their own. */
    private static final int HOT_THREADS = 8;
    private static final int MAXIMUM_FOREGROUND = 10_000;
    /** How long foreground commands have to hear that the daemon ends. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final DaemonDirectory directory;
    private final DaemonLog logs;
    private final Log log;
    private final Instant started = Instant.now();
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final Deque<Closing> opened = new ArrayDeque<>();
    private final NcOutcomes ncOutcomes = new NcOutcomes();
    private final Semaphore foreground = new Semaphore(MAXIMUM_FOREGROUND);
    private volatile boolean isStopping;
    private volatile boolean isServing;
    private Config startConfig;
    private Deadlines deadlines;
    private Loops loops;
    private BufferPool pool;
    private TransportSettings transport;
    private Swarm swarm;
    private Tunnels tunnels;
    private SavedTunnels saved;
    private Reachable reachable;
    private Discovery discovery;
    private PeerNames names;
    private Pairing pairing;

    /** One step of the way back. */
    private record Closing(String what, AutoCloseable resource) {}

    /** @param logs where the log goes */
    Daemon(DaemonDirectory directory, DaemonLog logs) {
        this.directory = directory;
        this.logs = logs;
        this.log = logs.module("daemon");
    }

    /**
     * Starts everything; returns when commands are served.
     *
     * @param notices lines for whoever started it
     * @throws IOException with the reason for the user; nothing is left open then
     */
    void start(Consumer<String> notices) throws IOException {
        boolean isReady = false;
        try {
            directory.create();
            open("lock", DaemonLock.acquire(directory.path()));
            directory.removeLeftovers();
            PrivateKey identity = directory.identity(notices);
            startConfig = directory.config(identity.peerId(), notices);
            notices.accept("PeerID: " + identity.peerId());
            startNode(identity, startConfig, notices);
            startControl(notices);
            notices.accept("Daemon is ready");
            isReady = true;
            isServing = true;
            loops.start("first handshake", swarm::prepare);
        } finally {
            if (!isReady) {
                close();
            }
        }
    }

    private void startNode(PrivateKey identity, Config config, Consumer<String> notices) throws IOException {
        transport = TransportSettings.defaults();
        if (config.security() != null) {
            transport = transport.withSecurity(config.security());
        }
        pool = new BufferPool(transport.bufferPool());
        loops = open("threads", new Loops(HOT_THREADS));
        deadlines = open("deadlines", new Deadlines());
        open("heap", deadlines.every(HeapTrim.PERIOD, new HeapTrim(pool)::look));
        swarm = open("swarm", new Swarm(identity, SwarmSettings.defaults().withAgentVersion("adit/" + VersionCommand.VERSION)
                .withMaximumConnections(config.highWater()).withAnnounce(config.announce()), transport, pool, loops, deadlines, logs.module("swarm")));
        listen(config, notices);
        reachable = open("reachability", new Reachable(config, identity, swarm, loops, deadlines, logs.module("reachability")));
        discovery = open("discovery", new Discovery(config, directory, swarm, reachable, loops, deadlines, logs.module("discovery")));
        tunnels = open("tunnels", new Tunnels(swarm, TunnelSettings.defaults(), pool, loops, deadlines, logs.module("tunnel")));
        saved = open("saved tunnels", new SavedTunnels(this, loops, logs.module("tunnel")));
        names = new PeerNames(directory.path(), log);
        pairing = new Pairing(swarm, PairingSettings.defaults(), deadlines, logs.module("pairing"));
        for (PeerAddress peer : config.peering()) {
            swarm.addressBook().add(peer.peer(), peer.addresses(), AddressBook.FOREVER);
            swarm.peer(peer.peer());
        }
        saved.start(config);
    }

    private void listen(Config config, Consumer<String> notices) throws IOException {
        for (Multiaddr address : config.swarmAddresses()) {
            if (address.has(Multiaddr.Protocol.IP6) && !hasIp6()) {
                log.warn("this machine has no IPv6: not listening on %s", address);
                continue;
            }
            try {
                notices.accept("Swarm listening on " + swarm.listen(address));
            } catch (IOException failure) {
                throw new CommandException("cannot listen on " + address + ": " + Failures.text(failure),
                        "choose another port: adit config --json Addresses.Swarm '" + Json.write(otherPort(config)) + "'", failure);
            }
        }
    }

    private static List<String> otherPort(Config config) throws IOException {
        List<String> addresses = new ArrayList<>();
        for (Multiaddr address : config.swarmAddresses()) {
            int port = Integer.parseInt(address.valueOf(Multiaddr.Protocol.TCP).orElseThrow());
            addresses.add(address.toString().replace("/tcp/" + port, "/tcp/" + (port % 65535 + 1)));
        }
        return addresses;
    }

    private static boolean hasIp6() {
        try {
            return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).anyMatch(Inet6Address.class::isInstance);
        } catch (SocketException unknown) {
            return true;
        }
    }

    private void startControl(Consumer<String> notices) throws IOException {
        Log control = logs.module("control");
        GroupAccess group = startConfig.group().orElse(null);
        ControlServer server = new ControlServer(directory.socket(), new CommandServer(this, startConfig.access(), control), ControlSettings.defaults(), group,
                line -> control.warn("%s", line));
        open("control socket", server);
        server.start();
        // before the control socket: foreground commands are to hear that their tunnel ends, and why
        open("foreground commands", () -> foreground.tryAcquire(MAXIMUM_FOREGROUND, FAREWELL.toMillis(), TimeUnit.MILLISECONDS));
        open("invitations", pairing);
        open("tunnels", tunnels);
        open("saved tunnels", saved);
        open("peers file", discovery::savePeers);
        ApiFile api = new ApiFile(directory.path());
        open("api file", api::remove);
        try {
            api.write(directory.socket(), group);
        } catch (IOException full) {
            // the tunnels are worth more than the commands
            log.warn("cannot write the file api, so commands need --api /unix%s: %s", directory.socket(), Failures.text(full));
        }
        notices.accept("API server listening on /unix" + directory.socket());
    }

    private <T extends AutoCloseable> T open(String what, T resource) {
        opened.push(new Closing(what, resource));
        return resource;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    Swarm swarm() {
        return swarm;
    }

    /** A node with an identity that nobody knows, to see this one as others do; it does not listen, and is the caller's to close. */
    Swarm stranger() {
        return new Swarm(PrivateKey.generate(), SwarmSettings.defaults().withAgentVersion("adit/" + VersionCommand.VERSION), transport, pool, loops,
                deadlines, Log.silent());
    }

    Tunnels tunnels() {
        return tunnels;
    }

    SavedTunnels saved() {
        return saved;
    }

    Discovery discovery() {
        return discovery;
    }

    Reachable reachable() {
        return reachable;
    }

    PeerNames names() {
        return names;
    }

    Pairing pairing() {
        return pairing;
    }

    DaemonLog logs() {
        return logs;
    }

    DaemonDirectory directory() {
        return directory;
    }

    NcOutcomes ncOutcomes() {
        return ncOutcomes;
    }

    /** One permit for each command that holds a tunnel. */
    Semaphore foreground() {
        return foreground;
    }

    Duration age() {
        return Duration.between(started, Instant.now());
    }

    /** Whether what ends now ends because of the daemon. */
    boolean isStopping() {
        return isStopping;
    }

    /** What the config said when the daemon started. */
    Config startConfig() {
        return startConfig;
    }

    /** Reads the config again as SIGHUP asks for, and logs what came of it; before the start is over there is nothing to do. */
    void reload() {
        if (isServing) {
            try {
                log.info("config read again: %s", ConfigReload.of(this).words().strip().replace("\n", "; "));
            } catch (IOException wrong) {
                log.warn("config not used, nothing is changed: %s", Failures.text(wrong));
            }
        }
    }

    /** Asks for the end; returns at once. */
    void stop() {
        stopAsked.countDown();
    }

    /** Blocks until {@link #stop}. */
    void awaitStop() throws InterruptedException {
        stopAsked.await();
    }

    /** Everything, in reverse: foreground commands end first, streams are given a moment. Idempotent. */
    @Override public void close() {
        isStopping = true;
        stop();
        while (!opened.isEmpty()) {
            Closing step = opened.pop();
            try {
                log.debug("closing %s", step.what());
                step.resource().close();
            } catch (Exception failure) {
                log.warn("closing %s: %s", step.what(), Failures.text(failure));
            }
        }
    }
}
