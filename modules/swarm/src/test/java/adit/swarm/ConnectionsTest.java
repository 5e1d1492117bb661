package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PrivateKey;
import adit.transport.Direction;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ConnectionsTest {
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final Duration OLD = Duration.ofMinutes(1);
    private static final String LOOPBACK = "/ip4/127.0.0.1/tcp/5";

    private final Connections connections = new Connections(TestSettings.limits(10, 3, 4, GRACE));

    private static PeerConnection inbound(PrivateKey peer, String address, Duration age) {
        return new PeerConnection(StubConnection.from(peer, Direction.INBOUND, address).aged(age));
    }

    private static PeerConnection outbound(PrivateKey peer, Duration age) {
        return new PeerConnection(StubConnection.from(peer, Direction.OUTBOUND, LOOPBACK).aged(age));
    }

    private static PeerConnection stranger(Duration age) {
        return inbound(PrivateKey.generate(), LOOPBACK, age);
    }

    private static void setStreams(PeerConnection connection, int count) {
        ((StubConnection) connection.connection()).setStreams(count);
    }

    private String add(PeerConnection connection) {
        return connections.add(connection).refusal();
    }

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            assertNull(add(stranger(Duration.ZERO)));
        }
    }

    // ---- which one is used

    @Test void connectionDialledByTheSmallerPeerIdWinsWhenBothDialAtOnce() {
        PrivateKey peer = PrivateKey.generate();
        PeerConnection ours = outbound(peer, Duration.ofMillis(5));
        PeerConnection theirs = inbound(peer, LOOPBACK, Duration.ZERO);
        PeerConnection expected = StubConnection.HERE.peerId().compareTo(peer.peerId()) < 0 ? ours : theirs;
        add(ours);
        add(theirs);
        assertSame(expected, connections.best(peer.peerId()));
        connections.remove(ours);
        connections.remove(theirs);
        add(theirs);
        add(ours);
        assertSame(expected, connections.best(peer.peerId()), "whatever the order");
    }

    @Test void laterDialWinsBecauseThePeerHasLostTheEarlierOne() {
        PrivateKey peer = PrivateKey.generate();
        PeerConnection lost = outbound(peer, OLD);
        PeerConnection fresh = inbound(peer, LOOPBACK, Duration.ZERO);
        add(lost);
        add(fresh);
        assertSame(fresh, connections.best(peer.peerId()));
    }

    @Test void newerOfTwoDialledByTheSamePeerWins() {
        PrivateKey peer = PrivateKey.generate();
        PeerConnection older = inbound(peer, LOOPBACK, Duration.ofSeconds(1));
        PeerConnection newer = inbound(peer, LOOPBACK, Duration.ZERO);
        add(older);
        add(newer);
        assertSame(newer, connections.best(peer.peerId()));
    }

    @Test void directConnectionWinsOverARelayedOne() {
        PrivateKey peer = PrivateKey.generate();
        PeerConnection direct = inbound(peer, LOOPBACK, OLD);
        PeerConnection relayed = inbound(peer, "/ip4/192.0.2.1/tcp/1/p2p/" + Peers.some() + "/p2p-circuit", Duration.ZERO);
        add(direct);
        add(relayed);
        assertSame(direct, connections.best(peer.peerId()));
    }

    @Test void closedOrRetiredConnectionIsNotUsed() {
        PrivateKey peer = PrivateKey.generate();
        PeerConnection first = inbound(peer, LOOPBACK, OLD);
        PeerConnection second = inbound(peer, LOOPBACK, Duration.ZERO);
        add(first);
        add(second);
        second.retire();
        assertSame(first, connections.best(peer.peerId()));
        first.connection().close("test");
        assertNull(connections.best(peer.peerId()));
    }

    // ---- limits

    @Test void peerHasOnlySoManyInboundConnections() {
        PrivateKey peer = PrivateKey.generate();
        for (int i = 0; i < 3; i++) {
            assertNull(add(inbound(peer, LOOPBACK, OLD)));
        }
        connections.protect(peer.peerId(), "tunnel");
        assertEquals("too many connections from this peer", add(inbound(peer, LOOPBACK, OLD)));
        assertNull(add(outbound(peer, OLD)));
    }

    @Test void addressOfVersionFourHasOnlySoManyInboundConnections() {
        for (int i = 0; i < 4; i++) {
            assertNull(add(inbound(PrivateKey.generate(), "/ip4/192.0.2.1/tcp/5", Duration.ZERO)));
        }
        PrivateKey fifth = PrivateKey.generate();
        assertEquals("too many connections from this network", add(inbound(fifth, "/ip4/192.0.2.1/tcp/6", Duration.ZERO)));
        assertNull(add(inbound(PrivateKey.generate(), "/ip4/192.0.2.2/tcp/5", Duration.ZERO)));
        connections.protect(fifth.peerId(), "tunnel");
        assertNull(add(inbound(fifth, "/ip4/192.0.2.1/tcp/6", Duration.ZERO)));
    }

    @Test void networkOfVersionSixCountsAsOne() {
        for (int i = 0; i < 4; i++) {
            assertNull(add(inbound(PrivateKey.generate(), "/ip6/2001:db8:0:" + i + "::1/tcp/5", Duration.ZERO)));
        }
        PeerConnection fifth = inbound(PrivateKey.generate(), "/ip6/2001:db8:0:ff::1/tcp/5", Duration.ZERO);
        assertEquals("too many connections from this network", add(fifth));
        assertNull(add(inbound(PrivateKey.generate(), "/ip6/2001:db8:0:100::1/tcp/5", Duration.ZERO)));
    }

    @Test void loopbackIsNoNetwork() {
        fill(10);
    }

    @Test void fullTableRefusesStrangersButNobodyElse() {
        fill(10);
        PrivateKey peer = PrivateKey.generate();
        assertEquals("too many connections", add(inbound(peer, LOOPBACK, Duration.ZERO)));
        connections.protect(peer.peerId(), "tunnel");
        assertNull(add(inbound(peer, LOOPBACK, Duration.ZERO)));
        assertNull(add(outbound(PrivateKey.generate(), Duration.ZERO)));
    }

    @Test void oldestIdleConnectionMakesRoom() {
        PeerConnection older = stranger(OLD.multipliedBy(2));
        PeerConnection oldest = stranger(OLD.multipliedBy(3));
        add(older);
        add(oldest);
        fill(8);
        assertEquals(List.of(oldest), connections.add(stranger(Duration.ZERO)).removed());
        assertNull(connections.best(oldest.peer()));
        assertEquals(10, connections.all().size());
    }

    @Test void busyOrProtectedConnectionDoesNotMakeRoom() {
        PeerConnection busy = stranger(OLD);
        PeerConnection guarded = stranger(OLD);
        add(busy);
        add(guarded);
        setStreams(busy, 1);
        connections.protect(guarded.peer(), "tunnel");
        connections.protect(guarded.peer(), "peering");
        fill(8);
        assertEquals("too many connections", add(stranger(Duration.ZERO)));
        connections.unprotect(guarded.peer(), "tunnel");
        assertEquals("too many connections", add(stranger(Duration.ZERO)));
        connections.unprotect(guarded.peer(), "peering");
        assertEquals(List.of(guarded), connections.add(stranger(Duration.ZERO)).removed());
        setStreams(busy, 0);
        assertEquals(List.of(busy), connections.add(stranger(Duration.ZERO)).removed());
    }

    @Test void excessOfWantedConnectionsIsTrimmedLater() {
        fill(10);
        PeerConnection first = outbound(PrivateKey.generate(), OLD);
        PeerConnection second = outbound(PrivateKey.generate(), OLD);
        add(first);
        setStreams(first, 1);
        add(second);
        setStreams(first, 0);
        assertEquals(2, connections.add(outbound(PrivateKey.generate(), OLD)).removed().size());
    }

    @Test void closedTableTakesNothing() {
        fill(1);
        assertEquals(1, connections.close().size());
        assertEquals("the swarm is closed", add(outbound(PrivateKey.generate(), OLD)));
    }

    // ---- duplicates

    @Test void idleDuplicateIsSuperfluousOnceBothAreGrown() {
        PrivateKey peer = PrivateKey.generate();
        PeerConnection worse = inbound(peer, LOOPBACK, OLD.multipliedBy(2));
        PeerConnection better = inbound(peer, LOOPBACK, Duration.ZERO);
        add(worse);
        assertFalse(connections.hasDuplicates());
        add(better);
        assertTrue(connections.hasDuplicates());
        assertEquals(List.of(), connections.superfluous());
        ((StubConnection) better.connection()).aged(GRACE.plusSeconds(1));
        setStreams(worse, 1);
        assertEquals(List.of(), connections.superfluous());
        setStreams(worse, 0);
        assertEquals(List.of(worse), connections.superfluous());
    }

    // ---- what was learnt

    @Test void protocolThatWorkedStaysKnownWhateverIdentifyTells() {
        PeerConnection connection = stranger(OLD);
        connection.worked("/x/hidden");
        connection.hear(told("/x/told"), false);
        assertTrue(connection.speaks("/x/hidden"));
        assertTrue(connection.speaks("/x/told"));
        connection.hear(told("/x/other"), true);
        assertFalse(connection.speaks("/x/told"));
        assertTrue(connection.speaks("/x/hidden"));
    }

    @Test void refusedProtocolIsUnknownAgain() {
        PeerConnection connection = stranger(OLD);
        connection.worked("/x/hidden");
        connection.hear(told("/x/told"), false);
        connection.refused("/x/hidden");
        connection.refused("/x/told");
        connection.refused("/x/never");
        assertFalse(connection.speaks("/x/hidden"));
        assertFalse(connection.speaks("/x/told"));
    }

    @Test void memoryOfProtocolsThatWorkedIsBounded() {
        PeerConnection connection = stranger(OLD);
        for (int i = 0; i <= PeerConnection.MAXIMUM_WORKED; i++) {
            connection.worked("/x/" + i);
        }
        assertFalse(connection.speaks("/x/" + PeerConnection.MAXIMUM_WORKED));
    }

    @Test void pushThatOvertakesTheAnswerIsTheNewerOne() {
        PeerConnection connection = stranger(OLD);
        connection.hear(told("/x/new"), true);
        connection.hear(new IdentifyMessage("ipfs/0.1.0", "kubo/1", null, List.of(), null, List.of("/x/old"), null), false);
        assertTrue(connection.speaks("/x/new"));
        assertFalse(connection.speaks("/x/old"));
        assertEquals("kubo/1", connection.identifiedPeer().agentVersion());
    }

    private static IdentifyMessage told(String protocol) {
        return new IdentifyMessage(null, null, null, List.of(), null, List.of(protocol), null);
    }
}
