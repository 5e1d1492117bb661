package adit.relay;

import adit.multiformats.Multiaddr;
import adit.swarm.AddressScope;
import adit.transport.Log;
import adit.transport.Loops;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Has the default gateway forward the TCP ports listened on, while this machine has a private IPv4 address: by PCP, NAT-PMP or UPnP,
 * in this order, and what works is kept. Mappings are asked for again and again, so that one that the gateway has lost is made anew, and
 * removed at the end. One thread does all of it; the monitor guards which.
 */
public final class PortMapper implements AutoCloseable {
    private final Supplier<List<Multiaddr>> listening;
    private final Supplier<Optional<Route>> routes;
    private final Function<Route, List<MappingProtocol>> protocolsOf;
    private final PortMappingSettings settings;
    private final Loops loops;
    private final Log log;
    private volatile Runnable onChange = () -> { };
    private volatile Status status = new Status(List.of(), "");
    private volatile List<MappingProtocol> protocols = List.of();
    private Thread thread;

    /** What the thread alone knows: for whom mappings are wanted, and which protocol worked last. */
    private Wanted wanted = new Wanted(null, List.of());
    private MappingProtocol kept;

    /**
     * How it stands.
     *
     * @param mappings that exist now
     * @param failure why a port is not mapped, each protocol with its reason; "" when there is nothing to tell
     */
    public record Status(List<PortMapping> mappings, String failure) {}

    /** @param route null when no port is to be mapped */
    private record Wanted(Route route, List<Integer> ports) {}

    /** @param listening addresses listened on, wildcards among them; must not block */
    public PortMapper(Supplier<List<Multiaddr>> listening, PortMappingSettings settings, Loops loops, Log log) {
        this(listening, Route::ofSystem, route -> List.of(
                new PcpClient(route, new InetSocketAddress(route.gateway(), NatPmpClient.PORT), settings),
                new NatPmpClient(route, new InetSocketAddress(route.gateway(), NatPmpClient.PORT), settings),
                new UpnpClient(route, List.of(UpnpSearch.GROUP, new InetSocketAddress(route.gateway(), UpnpSearch.GROUP.getPort())), settings)),
                settings, loops, log);
    }

    PortMapper(Supplier<List<Multiaddr>> listening, Supplier<Optional<Route>> routes, Function<Route, List<MappingProtocol>> protocolsOf,
            PortMappingSettings settings, Loops loops, Log log) {
        this.listening = listening;
        this.routes = routes;
        this.protocolsOf = protocolsOf;
        this.settings = settings;
        this.loops = loops;
        this.log = log;
    }

    /** Who hears that {@link #externalAddresses} has changed; must not block. Before {@link #start}. */
    public void onChange(Runnable listener) {
        onChange = listener;
    }

    /** Begins; does not block. */
    public synchronized void start() {
        thread = loops.start("port mapping", this::mapLoop);
    }

    /** Where the public network reaches the ports listened on; those behind another NAT are not among them. */
    public List<Multiaddr> externalAddresses() {
        return status.mappings().stream().filter(PortMapping::isPublic).map(PortMapping::address).toList();
    }

    /** How it stands now. */
    public Status status() {
        return status;
    }

    // ---- the thread

    private void mapLoop() {
        Duration pause = settings.shortestPause();
        long due = System.nanoTime();
        try {
            while (true) {
                if (isNews(look())) {
                    pause = settings.shortestPause();
                    due = System.nanoTime();
                }
                if (wanted.route() != null && due - System.nanoTime() <= 0) {
                    renew();
                    boolean isMapped = status.failure().isEmpty();
                    due = System.nanoTime() + (isMapped ? renewal() : pause).toNanos();
                    pause = isMapped ? settings.shortestPause() : longer(pause);
                }
                await(settings.networkCheck());
            }
        } catch (InterruptedException closed) {
            // the end
        }
    }

    private Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(settings.longestPause()) < 0 ? twice : settings.longestPause();
    }

    /** As often as told, and when half the time of a mapping is over; a gateway that grants seconds is asked with each look at the network. */
    private Duration renewal() {
        Duration shortest = settings.renewal();
        for (PortMapping mapping : status.mappings()) {
            Duration half = mapping.lifetime().dividedBy(2);
            if (!half.isZero() && half.compareTo(shortest) < 0) {
                shortest = half;
            }
        }
        return shortest;
    }

    private synchronized void await(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (end - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
    }

    /** What is to be mapped now: nothing without a gateway, or with an address that needs none. */
    private Wanted look() {
        Route route = routes.get().orElse(null);
        if (route == null || AddressScope.isPublic(Multiaddr.ofTcp(new InetSocketAddress(route.local(), 1)))) {
            return new Wanted(null, List.of());
        }
        List<Integer> ports = listening.get().stream().flatMap(address -> address.toTcp().stream())
                .filter(bound -> bound.getAddress() instanceof Inet4Address
                        && (bound.getAddress().isAnyLocalAddress() || bound.getAddress().equals(route.local())))
                .map(InetSocketAddress::getPort).distinct().limit(settings.maximumPorts()).toList();
        return ports.isEmpty() ? new Wanted(null, List.of()) : new Wanted(route, ports);
    }

    /** Another network: what the old gateway did for this machine means nothing any more, and it ends by itself. */
    private boolean isNews(Wanted now) {
        if (now.equals(wanted)) {
            return false;
        }
        if (!Objects.equals(now.route(), wanted.route())) {
            kept = null;
            protocols = now.route() == null ? List.of() : protocolsOf.apply(now.route());
            become(new Status(List.of(), ""));
        }
        wanted = now;
        return true;
    }

    private void renew() throws InterruptedException {
        String failure = "";
        for (int port : wanted.ports()) {
            List<PortMapping> mappings = new ArrayList<>(status.mappings());
            mappings.removeIf(each -> each.port() == port);
            try {
                mappings.add(mapped(port));
            } catch (IOException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("what is mapped is still to be removed");
                }
                failure = "port " + port + " is not mapped by " + wanted.route().gateway().getHostAddress() + ": " + e.getMessage();
                log.debug("%s", failure);
            }
            become(new Status(List.copyOf(mappings), failure));
        }
    }

    private PortMapping mapped(int port) throws IOException {
        List<MappingProtocol> order = new ArrayList<>(protocols);
        if (kept != null) {
            order.remove(kept);
            order.addFirst(kept);
        }
        List<String> reasons = new ArrayList<>();
        for (MappingProtocol protocol : order) {
            try {
                PortMapping before = status.mappings().stream()
                        .filter(each -> each.port() == port && each.means() == protocol.means()).findFirst().orElse(null);
                PortMapping mapping = protocol.map(port, before);
                kept = protocol;
                return mapping;
            } catch (IOException e) {
                reasons.add(protocol.means() + ": " + e.getMessage());
            }
        }
        throw new IOException(String.join("; ", reasons));
    }

    private void become(Status now) {
        List<Multiaddr> before = externalAddresses();
        List<PortMapping> old = status.mappings();
        status = now;
        for (PortMapping mapping : now.mappings()) {
            if (old.stream().noneMatch(each -> each.external().equals(mapping.external()) && each.port() == mapping.port())) {
                log.info("port %d is mapped to %s by the gateway %s (%s)%s", mapping.port(), mapping.address(), mapping.gateway().getHostAddress(),
                        mapping.means(), mapping.isPublic() ? "" : ": a private address, there is another NAT before it");
            }
        }
        if (!before.equals(externalAddresses())) {
            onChange.run();
        }
    }

    // ---- the end

    /** Removes the mappings; blocks at most closeTimeout. What cannot be removed ends with its lifetime. Idempotent. */
    @Override public void close() {
        Thread ending = ending();
        long end = System.nanoTime() + settings.closeTimeout().toNanos();
        try {
            if (ending != null && ending.join(left(end))) {
                unmapAll(end);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Null when there is none any more. */
    private synchronized Thread ending() {
        Thread ending = thread;
        thread = null;
        if (ending != null) {
            ending.interrupt();
        }
        return ending;
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
    }

    private void unmapAll(long end) throws InterruptedException {
        List<PortMapping> mappings = status.mappings();
        status = new Status(List.of(), "");
        List<Thread> threads = mappings.stream().map(mapping -> loops.start("unmap " + mapping.port(), () -> unmapLoop(mapping))).toList();
        for (Thread each : threads) {
            if (!each.join(left(end))) {
                each.interrupt();
            }
        }
    }

    private void unmapLoop(PortMapping mapping) {
        for (MappingProtocol protocol : protocols) {
            if (protocol.means() == mapping.means()) {
                try {
                    protocol.unmap(mapping);
                } catch (IOException e) {
                    log.debug("the mapping of %s stays until its time is over: %s", mapping.address(), e.getMessage());
                }
            }
        }
    }
}
