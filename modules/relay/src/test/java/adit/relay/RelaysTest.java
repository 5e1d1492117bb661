package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.swarm.AddressBook;
import adit.swarm.RelayPolicy;
import adit.transport.Connection;
import adit.transport.ConnectionPath;
import adit.transport.Log;
import adit.transport.Stream;
import adit.transport.StreamResetException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who uses relays, with real relays on loopback. */
@Timeout(60)
class RelaysTest {
    private static final String ECHO = "/x/echo";

    private final List<AutoCloseable> open = new ArrayList<>();

    private CircuitNode node() throws IOException {
        CircuitNode node = new CircuitNode();
        open.add(node);
        node.swarm.handle(ECHO, true, stream -> {
            stream.inputStream().transferTo(stream.outputStream());
            stream.close();
        });
        return node;
    }

    private CircuitNode relay(RelayServiceSettings settings) throws IOException {
        return node().serve(settings);
    }

    private Relays relays(CircuitNode node, boolean isPunching) {
        Relays relays = new Relays(node.swarm, RelayClientSettings.defaults(), isPunching, node.loops, node.deadlines, Log.silent());
        open.add(relays);
        return relays;
    }

    /** With a place at those relays. */
    private CircuitNode behind(CircuitNode... relays) throws Exception {
        CircuitNode node = node();
        Relays client = relays(node, false);
        client.reserve(Arrays.stream(relays).collect(Collectors.toMap(CircuitNode::id, relay -> List.of(relay.address))));
        CircuitNode.await(() -> client.standings().stream().allMatch(each -> each.reservation() != null));
        CircuitNode.await(() -> announcedCircuits(node).size() == relays.length);
        return node;
    }

    private static Multiaddr circuit(CircuitNode relay) throws MalformedException {
        return CircuitAddress.through(relay.address, relay.id());
    }

    private static void tell(CircuitNode node, CircuitNode other, Multiaddr... addresses) {
        node.swarm.addressBook().add(other.id(), List.of(addresses), AddressBook.FOREVER);
    }

    private static void echo(Stream stream) throws IOException {
        stream.setReadTimeout(Duration.ofSeconds(20));
        stream.write("hello".getBytes(), 0, 5);
        assertEquals("hello", new String(stream.inputStream().readNBytes(5)));
    }

    @AfterEach void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test void aPeerThatTellsNothingButARelayIsReached() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode far = behind(relay);
        assertTrue(far.swarm.announcedAddresses().contains(circuit(relay)));
        CircuitNode near = node();
        relays(near, false);
        tell(near, far, circuit(relay));
        Connection connection = near.swarm.connect(far.id());
        assertEquals(ConnectionPath.RELAYED, connection.path());
        assertEquals(circuit(relay), connection.remoteAddress());
        assertTrue(connection.limit().isLimited());
        echo(near.swarm.openStream(far.id(), ECHO, RelayPolicy.UNTIL_DIRECT));
        CircuitNode.await(() -> far.swarm.isConnected(near.id()));
        echo(far.swarm.openStream(near.id(), ECHO, RelayPolicy.ALWAYS));
    }

    @Test void directAddressesAreTriedBeforeRelays() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode far = behind(relay);
        CircuitNode near = node();
        relays(near, false);
        tell(near, far, circuit(relay), far.address);
        assertEquals(ConnectionPath.DIRECT, near.swarm.connect(far.id()).path());
    }

    @Test void newStreamsMoveToTheDirectConnectionAndOldOnesRunOn() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode far = behind(relay);
        CircuitNode near = node();
        relays(near, false);
        tell(near, far, circuit(relay));
        near.swarm.connect(far.id());
        Stream old = near.swarm.openStream(far.id(), ECHO);
        echo(old);
        near.swarm.admit(near.swarm.transport().dial(far.address, far.id()));
        Stream fresh = near.swarm.openStream(far.id(), ECHO);
        assertEquals(ConnectionPath.RELAYED, old.connection().path());
        assertEquals(ConnectionPath.DIRECT, fresh.connection().path());
        echo(fresh);
        echo(old);
    }

    @Test void aStreamThatMustNotBeRelayedIsNot() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode far = behind(relay);
        CircuitNode near = node();
        relays(near, false);
        tell(near, far, circuit(relay));
        near.swarm.connect(far.id());
        near.swarm.upgrades().fail(far.id(), "the test says so");
        IOException refused = assertThrows(IOException.class, () -> near.swarm.openStream(far.id(), ECHO, RelayPolicy.NEVER));
        assertTrue(refused.getMessage().contains("must not go over a relay"), refused.getMessage());
    }

    @Test void aRelayThatAllowsTooLittleIsLeftToThoseWhoInsist() throws Exception {
        CircuitNode relay = relay(RelayLimits.of(new RelayLimit(Duration.ofMinutes(2), 12 << 10)));
        CircuitNode far = behind(relay);
        CircuitNode near = node();
        relays(near, false);
        tell(near, far, circuit(relay));
        near.swarm.connect(far.id());
        IOException refused = assertThrows(IOException.class, () -> near.swarm.openStream(far.id(), ECHO, RelayPolicy.UNTIL_DIRECT));
        assertTrue(refused.getMessage().contains("allows too little"), refused.getMessage());
        echo(near.swarm.openStream(far.id(), ECHO, RelayPolicy.ALWAYS));
    }

    @Test void theEndOfARelaysPatienceIsAnAbort() throws Exception {
        CircuitNode relay = relay(RelayLimits.of(new RelayLimit(Duration.ofMinutes(2), 64 << 10)));
        CircuitNode far = behind(relay);
        CircuitNode near = node();
        relays(near, false);
        tell(near, far, circuit(relay));
        Stream stream = near.swarm.openStream(far.id(), ECHO);
        stream.setReadTimeout(Duration.ofSeconds(20));
        byte[] block = new byte[4096];
        assertThrows(StreamResetException.class, () -> {
            while (true) {
                stream.write(block, 0, block.length);
                stream.inputStream().readNBytes(block.length);
            }
        });
    }

    @Test void reservationsAreReplacedWhenARelayIsLost() throws Exception {
        CircuitNode first = relay(RelayLimits.wide());
        CircuitNode second = relay(RelayLimits.wide());
        CircuitNode third = relay(RelayLimits.wide());
        CircuitNode node = node();
        Relays client = relays(node, false);
        client.reserve(Map.of(first.id(), List.of(first.address), second.id(), List.of(second.address), third.id(), List.of(third.address)));
        CircuitNode.await(() -> reserved(client).size() == 2);
        PeerId lost = reserved(client).getFirst();
        for (CircuitNode relay : List.of(first, second, third)) {
            if (relay.id().equals(lost)) {
                relay.close();
            }
        }
        CircuitNode.await(() -> reserved(client).size() == 2 && !reserved(client).contains(lost));
        // told right after the reservation is held
        CircuitNode.await(() -> announcedCircuits(node).size() == 2 && announcedCircuits(node).stream().noneMatch(each -> each.contains(lost.toString())));
    }

    private static List<String> announcedCircuits(CircuitNode node) {
        return node.swarm.announcedAddresses().stream().filter(address -> address.has(Multiaddr.Protocol.P2P_CIRCUIT)).map(Multiaddr::toString).toList();
    }

    private static List<PeerId> reserved(Relays client) {
        return client.standings().stream().filter(each -> each.reservation() != null).map(Relays.Standing::relay).toList();
    }

    @Test void reservationsAreRenewedAheadOfTheirEnd() throws Exception {
        CircuitNode relay = relay(RelayLimits.reservations(Duration.ofSeconds(4), 8, 8, 8));
        CircuitNode node = node();
        Relays client = relays(node, false);
        client.reserve(Map.of(relay.id(), List.of(relay.address)));
        CircuitNode.await(() -> reserved(client).size() == 1);
        var first = client.standings().getFirst().reservation().expires();
        CircuitNode.await(() -> client.standings().getFirst().reservation().expires().isAfter(first));
        assertEquals(1, relay.service.status().reservations());
    }

    @Test void whoCanBeDialledReservesNothing() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode node = node();
        Relays client = relays(node, false);
        client.reserve(Map.of(relay.id(), List.of(relay.address)));
        CircuitNode.await(() -> reserved(client).size() == 1);
        client.reachable(true);
        CircuitNode.await(() -> reserved(client).isEmpty());
        CircuitNode.await(() -> announcedCircuits(node).isEmpty());
        client.reachable(false);
        CircuitNode.await(() -> reserved(client).size() == 1);
    }

    @Test void aPeerThatTurnsOutToBeARelayIsAskedOnceRelaysAreWanted() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode node = node();
        Relays client = relays(node, false);
        client.reserve(Map.of());
        node.swarm.addressBook().add(relay.id(), List.of(relay.address), AddressBook.FOREVER);
        node.swarm.connect(relay.id());
        CircuitNode.await(() -> !client.standings().isEmpty());
        assertEquals(List.of(), reserved(client));
        client.reachable(false);
        CircuitNode.await(() -> reserved(client).equals(List.of(relay.id())));
    }

    @Test void circuitsOfStrangersAreRefused() throws Exception {
        CircuitNode stranger = node();
        CircuitNode node = node();
        relays(node, false);
        stranger.swarm.addressBook().add(node.id(), List.of(node.address), AddressBook.FOREVER);
        Stream stream = stranger.swarm.openStream(node.id(), CircuitProtocol.STOP.id());
        CircuitMessage.connect(stranger.id(), RelayLimit.NONE).write(CircuitProtocol.STOP, stream.outputStream());
        assertEquals(CircuitStatus.MALFORMED_MESSAGE, CircuitMessage.read(CircuitProtocol.STOP, stream.inputStream()).status());
        Stream other = stranger.swarm.openStream(node.id(), CircuitProtocol.STOP.id());
        CircuitMessage.connect(node().id(), RelayLimit.NONE).write(CircuitProtocol.STOP, other.outputStream());
        assertEquals(CircuitStatus.PERMISSION_DENIED, CircuitMessage.read(CircuitProtocol.STOP, other.inputStream()).status());
    }

    @Test void aRefusalIsToldInWords() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode far = node();
        CircuitNode near = node();
        relays(near, false);
        tell(near, far, circuit(relay));
        IOException refused = assertThrows(IOException.class, () -> near.swarm.connect(far.id()));
        assertTrue(refused.getMessage().contains("the peer has no reservation there"), refused.getMessage());
    }

    @Test void addressesOfCircuitsHaveOneRelayAndNoOther() throws Exception {
        PeerId relay = node().id();
        CircuitAddress parsed = CircuitAddress.parse(Multiaddr.parse("/ip4/192.0.2.7/tcp/4001/p2p/" + relay + "/p2p-circuit"));
        assertEquals(relay, parsed.relay());
        assertEquals(Multiaddr.parse("/ip4/192.0.2.7/tcp/4001"), parsed.address().orElseThrow());
        assertTrue(CircuitAddress.parse(Multiaddr.parse("/p2p/" + relay + "/p2p-circuit")).address().isEmpty());
        for (String wrong : List.of("/p2p-circuit", "/ip4/192.0.2.7/tcp/4001/p2p-circuit", "/p2p/" + relay + "/p2p-circuit/p2p/" + relay + "/p2p-circuit",
                "/ip4/192.0.2.7/tcp/4001/p2p/" + relay)) {
            assertThrows(MalformedException.class, () -> CircuitAddress.parse(Multiaddr.parse(wrong)), wrong);
        }
    }

    // ---- hole punching

    /** Tells and dials addresses of loopback. */
    private static final class Loopback extends PunchAddresses {
        private final List<Multiaddr> own;

        Loopback(CircuitNode node, List<Multiaddr> own) {
            super(node.swarm);
            this.own = own;
        }

        @Override List<Multiaddr> own(List<Multiaddr> remote) {
            return own;
        }

        @Override List<Multiaddr> acceptable(List<Multiaddr> remote) {
            return remote;
        }

        @Override List<Multiaddr> reversible(List<Multiaddr> told) {
            return List.of();
        }
    }

    private static HolePunch punching(CircuitNode node, List<Multiaddr> own) {
        HolePunch punch = new HolePunch(node.swarm, new Loopback(node, own), RelayClientSettings.defaults(), node.loops, node.deadlines, Log.silent());
        node.swarm.handle(HolePunch.ID, true, punch::answer);
        return punch;
    }

    @Test void bothDialAtTheSameMomentAndTheRelayIsLeft() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode far = behind(relay);
        CircuitNode near = node();
        relays(near, false);
        HolePunch there = punching(far, List.of(far.address));
        HolePunch here = punching(near, List.of(near.address));
        tell(near, far, circuit(relay));
        here.expect(far.id());
        near.swarm.connect(far.id());
        CircuitNode.await(() -> far.swarm.isConnected(near.id()));
        there.upgrade(far.swarm.connections().stream().filter(each -> each.remotePeer().equals(near.id())).findFirst().orElseThrow());
        Stream stream = near.swarm.openStream(far.id(), ECHO, RelayPolicy.NEVER);
        assertEquals(ConnectionPath.PUNCHED, stream.connection().path());
        echo(stream);
    }

    @Test void whyThereIsNoDirectConnectionIsToldAfterThreeTries() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode far = behind(relay);
        CircuitNode near = node();
        relays(near, false);
        List<Multiaddr> nowhere = IntStream.of(1, 2).mapToObj(port -> Multiaddr.ofTcp(new InetSocketAddress("127.0.0.1", port))).toList();
        RelayClientSettings hasty = new RelayClientSettings(2, 20, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(5),
                Duration.ofSeconds(5), 4, 3, Duration.ofMillis(200), Duration.ofMillis(200), Duration.ofSeconds(5));
        HolePunch there = new HolePunch(far.swarm, new Loopback(far, nowhere), hasty, far.loops, far.deadlines, Log.silent());
        HolePunch here = new HolePunch(near.swarm, new Loopback(near, nowhere), hasty, near.loops, near.deadlines, Log.silent());
        near.swarm.handle(HolePunch.ID, true, here::answer);
        tell(near, far, circuit(relay));
        near.swarm.connect(far.id());
        CircuitNode.await(() -> far.swarm.isConnected(near.id()));
        there.upgrade(far.swarm.connections().stream().filter(each -> each.remotePeer().equals(near.id())).findFirst().orElseThrow());
        CircuitNode.await(() -> far.swarm.upgrades().failure(near.id()).contains("failed 3 times"));
        CircuitNode.await(() -> near.swarm.upgrades().failure(far.id()).contains("hole punching failed"));
        echo(near.swarm.openStream(far.id(), ECHO, RelayPolicy.UNTIL_DIRECT));
    }

    @Test void aPeerThatDoesNotPunchIsNotWaitedForLong() throws Exception {
        CircuitNode relay = relay(RelayLimits.wide());
        CircuitNode far = behind(relay);
        CircuitNode near = node();
        relays(near, false);
        HolePunch here = punching(near, List.of(near.address));
        tell(near, far, circuit(relay));
        here.expect(far.id());
        near.swarm.connect(far.id());
        long begun = System.nanoTime();
        echo(near.swarm.openStream(far.id(), ECHO, RelayPolicy.UNTIL_DIRECT));
        assertTrue(System.nanoTime() - begun < Duration.ofSeconds(10).toNanos());
    }
}
