package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.transport.Connection;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DialTest {
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private Node a;
    private Node b;

    @BeforeEach void open() throws IOException {
        a = new Node();
        b = new Node().echoing("/x/echo");
    }

    @AfterEach void close() {
        a.close();
        b.close();
        callers.shutdownNow();
    }

    private static DialFailedException failure(Callable<?> dial) {
        return assertThrows(DialFailedException.class, dial::call);
    }

    private void learn(PeerId peer, Multiaddr... addresses) {
        a.swarm.addressBook().add(peer, List.of(addresses), AddressBook.FOREVER);
    }

    // ---- nothing to dial

    @Test void dialToSelfIsRefused() {
        assertEquals("dial to self attempted", failure(() -> a.swarm.connect(a.swarm.self())).getMessage());
        assertEquals("dial to self attempted", failure(() -> a.swarm.openStream(a.swarm.self(), "/x/echo")).getMessage());
    }

    @Test void unknownPeerNeedsAnAddress() {
        PeerId peer = Peers.some();
        DialFailedException failure = failure(() -> a.swarm.connect(peer));
        assertEquals("no addresses known for " + peer + "; give a full address, /ip4/…/tcp/…/p2p/" + peer, failure.getMessage());
        assertEquals(List.of(), failure.attempts());
    }

    @Test void addressesThatCannotBeDialledAreNamed() {
        learn(b.swarm.self(), Peers.address("/ip4/192.0.2.1/udp/1/quic-v1"), Peers.address("/dnsaddr/example.org"));
        DialFailedException failure = failure(() -> a.swarm.connect(b.swarm.self()));
        assertEquals(2, failure.attempts().size());
        assertTrue(failure.getMessage().contains("/dnsaddr/example.org: /dnsaddr is not resolved here"), failure.getMessage());
        assertTrue(failure.getMessage().contains("quic-v1: unsupported address"), failure.getMessage());
    }

    @Test void dnsAddressIsResolvedDownToOneThatAnswers() throws Exception {
        String port = b.address.valueOf(Multiaddr.Protocol.TCP).orElseThrow();
        a.swarm.dialer().resolveDnsAddressBy((address, peer) -> {
            assertEquals(b.swarm.self(), peer);
            return Peers.addresses("/dns4/localhost/tcp/" + port, "/dnsaddr/again.example", "/ip4/127.0.0.1/udp/1/quic-v1");
        });
        learn(b.swarm.self(), Peers.address("/dnsaddr/boot.example"));
        assertEquals(b.address, a.swarm.connect(b.swarm.self()).remoteAddress());
    }

    // ---- one of many

    @Test void liveAddressIsFoundAmongDeadOnes() throws Exception {
        try (FullQueue dead = new FullQueue(); SilentServer silent = new SilentServer()) {
            a.knows(b, dead.address(), silent.address(), SilentServer.refusing());
            long start = System.nanoTime();
            assertEquals(b.address, a.swarm.connect(b.swarm.self()).remoteAddress());
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(took.compareTo(Duration.ofSeconds(4)) < 0, "waited for a dead address: " + took);
            assertEquals("hello", a.ask(b, "/x/echo", "hello"));
        }
    }

    @Test void everyAddressIsNamedWithItsError() throws Exception {
        Multiaddr refusing = SilentServer.refusing();
        try (Node other = new Node()) {
            learn(b.swarm.self(), refusing, other.address);
            DialFailedException failure = failure(() -> a.swarm.connect(b.swarm.self()));
            String message = failure.getMessage();
            assertTrue(message.startsWith("cannot reach " + b.swarm.self() + ": "), message);
            assertTrue(message.contains(refusing + ": connection refused"), message);
            assertTrue(message.contains(other.address + ": ") && message.contains(other.swarm.self().toString()), message);
            assertEquals(Set.of(refusing, other.address),
                    failure.attempts().stream().map(DialFailedException.Attempt::address).collect(Collectors.toSet()));
            assertFalse(a.swarm.isConnected(other.swarm.self()));
        }
    }

    @Test void nameIsResolvedWhenItIsDialled() throws Exception {
        int port = b.address.toTcp().orElseThrow().getPort();
        learn(b.swarm.self(), Peers.address("/dns4/localhost/tcp/" + port));
        assertEquals(b.address, a.swarm.connect(b.swarm.self()).remoteAddress());
    }

    @Test void nameThatDoesNotExistIsTold() {
        learn(b.swarm.self(), Peers.address("/dns/does-not-exist.invalid/tcp/1"));
        String message = failure(() -> a.swarm.connect(b.swarm.self())).getMessage();
        assertTrue(message.contains("/dns/does-not-exist.invalid/tcp/1: the name"), message);
    }

    @Test void namesOfOnePeerAreBounded() {
        for (int i = 0; i < 10; i++) {
            learn(b.swarm.self(), Peers.address("/dns4/does-not-exist-%d.invalid/tcp/1".formatted(i)));
        }
        List<DialFailedException.Attempt> attempts = failure(() -> a.swarm.connect(b.swarm.self())).attempts();
        long tooMany = attempts.stream().filter(attempt -> attempt.reason().equals("the peer has too many names")).count();
        assertEquals(10 - PeerDial.MAXIMUM_NAMES, tooMany);
    }

    // ---- together

    @Test void allWhoWantThePeerShareOneDial() throws Exception {
        try (SilentServer silent = new SilentServer()) {
            learn(b.swarm.self(), silent.address());
            List<Future<Connection>> waiting = List.of(submit(), submit(), submit());
            Conditions.await(() -> silent.accepted.get() == 1);
            a.knows(b);
            // a fourth brings the address that works
            Connection connection = a.swarm.connect(b.swarm.self());
            for (Future<Connection> each : waiting) {
                assertSame(connection, each.get());
            }
            assertEquals(1, silent.accepted.get());
            assertEquals(1, a.swarm.connections().size());
        }
    }

    private Future<Connection> submit() {
        return callers.submit(() -> a.swarm.connect(b.swarm.self()));
    }

    @Test void inboundConnectionServesWhoWaitsForADial() throws Exception {
        try (SilentServer silent = new SilentServer()) {
            learn(b.swarm.self(), silent.address());
            Future<Connection> waiting = submit();
            Conditions.await(() -> silent.accepted.get() == 1);
            b.knows(a).swarm.connect(a.swarm.self());
            assertEquals(b.swarm.self(), waiting.get().remotePeer());
        }
    }

    @Test void simultaneousDialsEndInOneConnectionAndNoStreamIsLost() throws Exception {
        a.echoing("/x/echo").knows(b);
        b.knows(a);
        for (int round = 0; round < 30; round++) {
            Future<String> fromA = callers.submit(() -> a.ask(b, "/x/echo", "from a"));
            Future<String> fromB = callers.submit(() -> b.ask(a, "/x/echo", "from b"));
            assertEquals("from a", fromA.get());
            assertEquals("from b", fromB.get());
            Conditions.await(() -> a.swarm.connections().size() == 1 && b.swarm.connections().size() == 1);
            assertEquals(a.swarm.connections().getFirst().localAddress(), b.swarm.connections().getFirst().remoteAddress());
            assertEquals("again", a.ask(b, "/x/echo", "again"));
            Conditions.await(() -> {
                // the slower dial may still bring a connection
                a.swarm.disconnect(b.swarm.self(), "next round");
                return a.swarm.connections().isEmpty() && b.swarm.connections().isEmpty();
            });
        }
    }

    // ---- giving up

    @Test void interruptEndsTheWait() throws Exception {
        try (SilentServer silent = new SilentServer()) {
            learn(b.swarm.self(), silent.address());
            Thread caller = Thread.currentThread();
            callers.submit(() -> {
                Conditions.await(() -> silent.accepted.get() == 1);
                caller.interrupt();
                return null;
            });
            assertThrows(InterruptedIOException.class, () -> a.swarm.connect(b.swarm.self()));
            assertTrue(Thread.interrupted(), "the interrupt stays set");
        }
    }

    @Test void dialStopsWhenNobodyWaitsForIt() throws Exception {
        try (SilentServer silent = new SilentServer()) {
            learn(b.swarm.self(), silent.address());
            Future<Connection> first = submit();
            Future<Connection> second = submit();
            Conditions.await(() -> silent.accepted.get() == 1);
            first.cancel(true);
            second.cancel(true);
            Conditions.await(() -> silent.ended.get() == 1);
        }
    }

    @Test void oneWhoGivesUpDoesNotStopTheOthers() throws Exception {
        try (SilentServer silent = new SilentServer()) {
            learn(b.swarm.self(), silent.address());
            Future<Connection> first = submit();
            Future<Connection> second = submit();
            Conditions.await(() -> silent.accepted.get() == 1);
            first.cancel(true);
            b.knows(a).swarm.connect(a.swarm.self());
            assertEquals(b.swarm.self(), second.get().remotePeer());
        }
    }

    @Test void dialEndsWithinItsTime() throws Exception {
        try (SilentServer silent = new SilentServer(); Node impatient = new Node(TestSettings.impatientDialler(Duration.ofMillis(300)))) {
            impatient.swarm.addressBook().add(b.swarm.self(), List.of(silent.address()), AddressBook.FOREVER);
            DialFailedException failure = failure(() -> impatient.swarm.connect(b.swarm.self()));
            assertEquals(List.of(new DialFailedException.Attempt(silent.address(), "no answer yet")), failure.attempts());
        }
    }

    @Test void closingTheSwarmEndsDials() throws Exception {
        try (SilentServer silent = new SilentServer()) {
            learn(b.swarm.self(), silent.address());
            Future<Connection> waiting = submit();
            Conditions.await(() -> silent.accepted.get() == 1);
            a.swarm.close();
            assertInstanceOf(IOException.class, assertThrows(ExecutionException.class, waiting::get).getCause());
            assertThrows(IOException.class, () -> a.swarm.connect(b.swarm.self()));
        }
    }

    // ---- back-off

    @Test void addressThatFailedIsNotDialledAgainAtOnceUnlessAPersonAsks() throws Exception {
        try (Node stranger = new Node()) {
            learn(b.swarm.self(), stranger.address);
            failure(() -> a.swarm.connect(b.swarm.self()));
            String second = failure(() -> a.swarm.connect(b.swarm.self())).getMessage();
            assertTrue(second.contains("(not tried again for "), second);
            String asked = failure(() -> a.swarm.connect(b.swarm.self(), true)).getMessage();
            assertFalse(asked.contains("not tried again"), asked);
        }
    }

    @Test void successEndsTheBackOff() throws Exception {
        Multiaddr refusing = SilentServer.refusing();
        learn(b.swarm.self(), refusing);
        failure(() -> a.swarm.connect(b.swarm.self()));
        a.knows(b).swarm.connect(b.swarm.self());
        a.swarm.disconnect(b.swarm.self(), "test");
        Conditions.await(() -> a.swarm.connections().isEmpty());
        a.swarm.addressBook().remove(b.swarm.self());
        learn(b.swarm.self(), refusing);
        String message = failure(() -> a.swarm.connect(b.swarm.self())).getMessage();
        assertFalse(message.contains("not tried again"), message);
    }
}
