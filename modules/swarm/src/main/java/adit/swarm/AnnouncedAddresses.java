package adit.swarm;

import adit.multiformats.Multiaddr;
import adit.transport.Connection;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * What others are told: the addresses listened on, where a wildcard means every address this machine has now, those that peers
 * agree to see this node by, those that other parts of this node know of, and whatever the user says. Thread-safe.
 */
public final class AnnouncedAddresses {
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Supplier<List<Multiaddr>> bound;
    private final AnnouncePolicy policy;
    private final ObservedAddresses observed = new ObservedAddresses();
    private final List<Supplier<List<Multiaddr>>> others = new CopyOnWriteArrayList<>();
    private volatile Runnable onChange = () -> { };
    private List<InetAddress> interfaces = List.of();
    private long lookedAt;

    /** @param bound as listened on */
    AnnouncedAddresses(Supplier<List<Multiaddr>> bound, AnnouncePolicy policy) {
        this.bound = bound;
        this.policy = policy;
        lookedAt = System.nanoTime() - FRESH.toNanos();
    }

    /** What others are told now. */
    public List<Multiaddr> current() {
        List<Multiaddr> present = new ArrayList<>(ofInterfaces());
        present.addAll(observed.believed());
        others.forEach(each -> present.addAll(each.get()));
        return policy.applied(present);
    }

    /** Who hears of changes. */
    void onChange(Runnable listener) {
        onChange = listener;
    }

    /** What others are told may have changed. */
    void changed() {
        onChange.run();
    }

    /** These are told, too, as the policy allows. Asked often, must not block; what is returned is to be run when they have changed. */
    public Runnable also(Supplier<List<Multiaddr>> addresses) {
        others.add(addresses);
        return this::changed;
    }

    /** How peers see the listening ports of this node, whether that is believed or not, most agreed upon first: what a hole punch tells the remote peer. */
    public List<Multiaddr> observed() {
        return observed.told(bound.get());
    }

    /** How a NAT in front of this node maps its listening port, as far as peers tell. */
    public NatMapping natMapping() {
        return observed.mapping(ofInterfaces());
    }

    /** A peer has told how it sees this node, null for nothing; whether that changes what is told. */
    boolean observe(Connection connection, Multiaddr seen) {
        return observed.observe(connection, seen, bound.get());
    }

    /** The connection has ended; whether that changes what is told. */
    boolean forget(Connection connection) {
        return observed.forget(connection);
    }

    /** Where it listens, wildcards replaced by the interfaces' addresses. */
    public List<Multiaddr> ofInterfaces() {
        Set<Multiaddr> announced = new LinkedHashSet<>();
        for (Multiaddr address : bound.get()) {
            InetSocketAddress local = address.toTcp().orElse(null);
            if (local == null || !local.getAddress().isAnyLocalAddress()) {
                announced.add(address);
                continue;
            }
            boolean version6 = local.getAddress() instanceof Inet6Address;
            for (InetAddress own : interfaces()) {
                if (own instanceof Inet6Address == version6) {
                    announced.add(Multiaddr.ofTcp(new InetSocketAddress(own, local.getPort())));
                }
            }
        }
        return List.copyOf(announced);
    }

    /** This machine's IP addresses, as they are now; link-local ones of IPv6 are left out. */
    Set<InetAddress> ofMachine() {
        return Set.copyOf(addressesOfInterfaces());
    }

    private synchronized List<InetAddress> interfaces() {
        long now = System.nanoTime();
        if (now - lookedAt >= FRESH.toNanos()) {
            lookedAt = now;
            interfaces = addressesOfInterfaces();
        }
        return interfaces;
    }

    /** Link-local IPv6 addresses are left out: they mean nothing without the reader's own zone. */
    private static List<InetAddress> addressesOfInterfaces() {
        List<InetAddress> found = new ArrayList<>();
        try {
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                if (each.isUp()) {
                    each.inetAddresses().filter(ip -> !(ip instanceof Inet6Address && ip.isLinkLocalAddress()))
                            .map(AnnouncedAddresses::withoutZone).forEach(found::add);
                }
            }
        } catch (SocketException e) {
            // an interface vanished meanwhile: what was found so far is still true
        }
        return found;
    }

    /** The JDK gives every IPv6 address of an interface a zone; those that are left are the same in every zone. */
    private static InetAddress withoutZone(InetAddress ip) {
        try {
            return InetAddress.getByAddress(ip.getAddress());
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
