package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.Multiaddr;
import adit.transport.Log;
import adit.transport.Loops;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PortMapperTest {
    private static final int LOOK_AGAIN_MILLISECONDS = 2;

    private final Loops loops = new Loops(0);
    private final List<Multiaddr> listening = new CopyOnWriteArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();
    private volatile Optional<Route> route = Optional.of(Impatient.ROUTE);
    private ScriptedGateway gateway;
    private PortMapper mapper;

    @BeforeEach void open() throws IOException {
        gateway = new ScriptedGateway();
        listening.add(Multiaddr.parse("/ip4/0.0.0.0/tcp/4001"));
    }

    @AfterEach void close() {
        if (mapper != null) {
            mapper.close();
        }
        gateway.close();
        loops.close();
    }

    private void start(PortMappingSettings settings) {
        mapper = new PortMapper(() -> List.copyOf(listening), () -> route, to -> List.of(new PcpClient(to, gateway.address(), settings),
                new NatPmpClient(to, gateway.address(), settings)), settings, loops, Log.silent());
        mapper.onChange(changes::incrementAndGet);
        mapper.start();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Object monitor = new Object();
        synchronized (monitor) {
            while (!condition.getAsBoolean()) {
                monitor.wait(LOOK_AGAIN_MILLISECONDS);
            }
        }
    }

    private List<String> mapped() {
        return mapper.status().mappings().stream().map(each -> each.means() + " " + each.address()).toList();
    }

    private void awaitMapped(String... mappings) throws InterruptedException {
        await(() -> mapped().equals(List.of(mappings)));
    }

    private long removals() {
        return gateway.requests().stream().filter(request -> request.length > 2)
                .filter(request -> ByteBuffer.wrap(request).getInt(request[0] == 2 ? 4 : request.length - 4) == 0).count();
    }

    @Test void portsListenedOnAreMappedAndAnnounced() throws Exception {
        for (String each : List.of("/ip4/127.0.0.1/tcp/4002", "/ip4/10.9.8.7/tcp/4003", "/ip6/::/tcp/4004", "/ip4/0.0.0.0/tcp/4001")) {
            listening.add(Multiaddr.parse(each));
        }
        start(Impatient.SETTINGS);
        awaitMapped("PCP /ip4/1.2.3.4/tcp/4001", "PCP /ip4/1.2.3.4/tcp/4002");
        assertEquals(List.of(Multiaddr.parse("/ip4/1.2.3.4/tcp/4001"), Multiaddr.parse("/ip4/1.2.3.4/tcp/4002")), mapper.externalAddresses());
        assertEquals("", mapper.status().failure());
        assertTrue(changes.get() > 0);
    }

    @Test void mappingIsAskedForAgainAndRemovedAtTheEnd() throws Exception {
        start(Impatient.SETTINGS);
        await(() -> gateway.requests().size() > 3);
        assertEquals(1, changes.get(), "nothing has changed meanwhile");
        assertEquals(0, removals());
        mapper.close();
        assertEquals(1, removals());
        assertEquals(List.of(), mapped());
        mapper.close();
        assertEquals(1, removals());
    }

    @Test void otherAddressOfTheGatewayIsAnnouncedInstead() throws Exception {
        start(Impatient.SETTINGS);
        awaitMapped("PCP /ip4/1.2.3.4/tcp/4001");
        gateway.external = InetAddress.ofLiteral("5.6.7.8");
        awaitMapped("PCP /ip4/5.6.7.8/tcp/4001");
        await(() -> changes.get() == 2);
        assertEquals(List.of(Multiaddr.parse("/ip4/5.6.7.8/tcp/4001")), mapper.externalAddresses());
    }

    @Test void privateAddressIsToldButNotAnnounced() throws Exception {
        gateway.external = InetAddress.ofLiteral("100.64.1.2");
        start(Impatient.SETTINGS);
        awaitMapped("PCP /ip4/100.64.1.2/tcp/4001");
        assertFalse(mapper.status().mappings().getFirst().isPublic());
        assertEquals(List.of(), mapper.externalAddresses());
        assertEquals(0, changes.get());
    }

    @Test void nextProtocolIsTriedAndKept() throws Exception {
        gateway.answers = request -> List.of(request[0] == 2 ? new byte[] {0, (byte) 0x81, 0, 1} : gateway.grant(request));
        start(Impatient.SETTINGS);
        awaitMapped("NAT-PMP /ip4/1.2.3.4/tcp/4001");
        await(() -> gateway.requests().size() > 8);
        assertEquals(1, gateway.requests().stream().filter(request -> request[0] == 2).count(), "what did not work is not tried while the other works");
        gateway.answers = request -> request[0] == 2 ? List.of(gateway.grant(request)) : List.of(gateway.natPmp(request, 2));
        awaitMapped("PCP /ip4/1.2.3.4/tcp/4001");
    }

    @Test void refusalTakesTheAddressBackAndIsTold() throws Exception {
        start(Impatient.SETTINGS);
        awaitMapped("PCP /ip4/1.2.3.4/tcp/4001");
        gateway.answers = request -> List.of(request[0] == 2 ? gateway.pcp(request, 8) : gateway.natPmp(request, 2));
        awaitMapped();
        assertEquals("port 4001 is not mapped by 127.0.0.1: PCP: refused: no resources left; NAT-PMP: refused: not authorized", mapper.status().failure());
        assertEquals(List.of(), mapper.externalAddresses());
        gateway.answers = request -> List.of(gateway.grant(request));
        awaitMapped("PCP /ip4/1.2.3.4/tcp/4001");
        assertEquals("", mapper.status().failure());
    }

    @Test void otherNetworkIsAskedAnew() throws Exception {
        start(Impatient.SETTINGS);
        awaitMapped("PCP /ip4/1.2.3.4/tcp/4001");
        route = Optional.empty();
        awaitMapped();
        gateway.external = InetAddress.ofLiteral("5.6.7.8");
        route = Optional.of(new Route(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("127.0.0.5")));
        awaitMapped("PCP /ip4/5.6.7.8/tcp/4001");
        assertEquals(5, gateway.requests().getLast()[23], "the request names the new address");
    }

    @Test void machineWithAPublicAddressNeedsNoMapping() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        mapper = new PortMapper(() -> List.copyOf(listening), () -> {
            looks.incrementAndGet();
            return Optional.of(new Route(InetAddress.ofLiteral("1.2.3.1"), InetAddress.ofLiteral("1.2.3.4")));
        }, to -> {
            throw new AssertionError("asked");
        }, Impatient.SETTINGS, loops, Log.silent());
        mapper.start();
        await(() -> looks.get() > 3);
        assertEquals(List.of(), mapped());
    }

    @Test void portListenedOnLaterIsMappedSoon() throws Exception {
        listening.clear();
        start(Impatient.SETTINGS);
        listening.add(Multiaddr.parse("/ip4/0.0.0.0/tcp/4005"));
        awaitMapped("PCP /ip4/1.2.3.4/tcp/4005");
        for (int port = 4006; port < 4020; port++) {
            listening.add(Multiaddr.parse("/ip4/0.0.0.0/tcp/" + port));
        }
        await(() -> mapped().size() == Impatient.SETTINGS.maximumPorts());
    }

    @Test void silentGatewayDoesNotHoldUpTheEnd() throws Exception {
        PortMappingSettings patient = new PortMappingSettings(Duration.ofHours(1), Duration.ofMillis(20), Duration.ofMillis(10), Duration.ofMillis(20),
                Duration.ofMillis(80), Duration.ofMinutes(5), 2, Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMillis(500), 4);
        start(patient);
        awaitMapped("PCP /ip4/1.2.3.4/tcp/4001");
        gateway.answers = request -> List.of();
        int before = gateway.requests().size();
        await(() -> gateway.requests().size() > before);
        long start = System.nanoTime();
        mapper.close();
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 20, "it ends within its time, not the gateway's");
        await(() -> removals() == 1);
    }
}
