package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.transport.Stream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may use a listener, from when on and until when. */
@Timeout(60)
final class GrantsTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private TwoNodes nodes;
    private PeerId user;

    @BeforeEach void open() throws Exception {
        nodes = new TwoNodes();
        user = nodes.using.swarm.self();
    }

    @AfterEach void close() {
        nodes.close();
    }

    private Listener listen(Multiaddr target, Grant... grants) {
        return nodes.serving.tunnels.listen("/x/mine", target, false, false, true, Grants.only(List.of(grants)), Limits.NONE);
    }

    private static PeerId stranger() {
        return PrivateKey.generate().peerId();
    }

    @Test void aPeerWithoutAGrantReachesNothingAndIsNamed() throws Exception {
        AtomicInteger conversations = new AtomicInteger();
        try (LocalService service = new LocalService(client -> conversations.incrementAndGet())) {
            Listener listener = listen(service.address(), new Grant(stranger(), null));
            Forwarder forwarder = nodes.using.forward("/x/mine", nodes.serving);
            for (int i = 0; i < 3; i++) {
                try (Socket client = TwoNodes.connect(forwarder)) {
                    assertThrows(SocketException.class, () -> client.getInputStream().read());
                }
            }
            nodes.serving.log.awaitWarning("peer " + user + ": not one of the peers allowed to use it; to let it in: adit grant /x/mine " + user);
            assertEquals(0, conversations.get());
            assertEquals(List.of(user), listener.refusedPeers().stream().map(RefusedPeer::peer).toList());
            assertEquals(3, listener.refusedPeers().getFirst().attempts());
        }
    }

    @Test void aRefusedPeerGetsTheBytesOfAProtocolThatDoesNotExist() throws Exception {
        listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/1"));
        nodes.using.swarm.addressBook().add(nodes.serving.swarm.self(), List.of(nodes.serving.address), Duration.ofMinutes(1));
        nodes.using.swarm.connect(nodes.serving.swarm.self());
        byte[] refused = answerTo("/x/mine");
        assertArrayEquals(answerTo("/x/none"), refused);
        assertTrue(new String(refused, StandardCharsets.US_ASCII).endsWith("na\n"));
        assertFalse(nodes.using.swarm.awaitIdentified(nodes.serving.swarm.self()).protocols().contains("/x/mine"),
                "identify does not tell its name either");
    }

    private byte[] answerTo(String protocol) throws IOException {
        Stream stream = nodes.using.swarm.connect(nodes.serving.swarm.self()).openStream();
        byte[] proposal = ("\u0013/multistream/1.0.0\n\b" + protocol + "\n").getBytes(StandardCharsets.US_ASCII);
        stream.write(proposal, 0, proposal.length);
        stream.closeWrite();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            stream.inputStream().transferTo(answer);
            answer.writeBytes(" ended".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException reset) {
            // then without that word
        }
        byte[] header = "\u0013/multistream/1.0.0\n\3na\n".getBytes(StandardCharsets.US_ASCII);
        return answer.size() < header.length ? header : answer.toByteArray();
    }

    @Test void aGrantWorksAtOnceAndItsEndCutsTheLiveStreamsOfThatPeerOnly() throws Exception {
        try (LocalService service = LocalService.echo(); Node other = new Node()) {
            Listener listener = listen(service.address(), new Grant(other.swarm.self(), null));
            Forwarder forwarder = nodes.using.forward("/x/mine", nodes.serving);
            try (Socket early = TwoNodes.connect(forwarder)) {
                assertThrows(SocketException.class, () -> early.getInputStream().read());
            }
            listener.admit(listener.grants().with(new Grant(user, null), Instant.now()));
            assertEquals(List.of(), listener.refusedPeers());
            try (Socket client = TwoNodes.connect(forwarder); Socket staying = TwoNodes.connect(other.forward("/x/mine", nodes.serving))) {
                PressureTest.roundTrip(client);
                PressureTest.roundTrip(staying);
                assertEquals(1, listener.admit(listener.grants().without(user)));
                assertThrows(SocketException.class, () -> client.getInputStream().read());
                PressureTest.roundTrip(staying);
                try (Socket late = TwoNodes.connect(forwarder)) {
                    assertThrows(SocketException.class, () -> late.getInputStream().read());
                }
            }
        }
    }

    @Test void aGrantThatEndsCutsLiveStreams() throws Exception {
        try (LocalService service = LocalService.echo()) {
            Listener listener = listen(service.address(), new Grant(user, Instant.now().plusSeconds(3600)));
            Forwarder forwarder = nodes.using.forward("/x/mine", nodes.serving);
            try (Socket client = TwoNodes.connect(forwarder)) {
                PressureTest.roundTrip(client);
                listener.admit(listener.grants().with(new Grant(user, Instant.now().plusMillis(300)), Instant.now()));
                assertThrows(SocketException.class, () -> client.getInputStream().read());
            }
        }
    }

    @Test void aGrantEndsForTheStreamsOfAClosedListenerToo() throws Exception {
        try (LocalService service = LocalService.echo()) {
            Listener listener = listen(service.address(), new Grant(user, null));
            try (Socket client = TwoNodes.connect(nodes.using.forward("/x/mine", nodes.serving))) {
                PressureTest.roundTrip(client);
                nodes.serving.tunnels.close(tunnel -> true);
                PressureTest.roundTrip(client);
                listener.admit(Grants.only(List.of(new Grant(user, Instant.now().plusMillis(300)))));
                assertThrows(SocketException.class, () -> client.getInputStream().read());
            }
        }
    }

    @Test void aNewListenerOfThatNameCutsWhomItDoesNotAdmit() throws Exception {
        try (LocalService service = LocalService.echo()) {
            listen(service.address(), new Grant(user, null));
            try (Socket client = TwoNodes.connect(nodes.using.forward("/x/mine", nodes.serving))) {
                PressureTest.roundTrip(client);
                nodes.serving.tunnels.close(tunnel -> true);
                listen(service.address(), new Grant(stranger(), null));
                assertThrows(SocketException.class, () -> client.getInputStream().read());
            }
        }
    }

    @Test void aStreamWhoseServiceIsStillBeingDialledIsCutAsWell() throws Exception {
        try (FullQueue silent = new FullQueue()) {
            Listener listener = listen(Multiaddr.ofTcp(silent.address()), new Grant(user, null));
            try (Socket client = TwoNodes.connect(nodes.using.forward("/x/mine", nodes.serving))) {
                client.getOutputStream().write(1);
                Conditions.await(() -> listener.counters().opened.sum() == 1);
                Conditions.await(() -> listener.admit(Grants.only(List.of())) == 1 || listener.counters().failed.sum() > 0);
                assertThrows(SocketException.class, () -> client.getInputStream().read());
            }
        }
    }

    @Test void withoutAnyGrantLeftNobodyIsAdmitted() {
        Grants none = Grants.only(List.of(new Grant(user, null))).without(user);
        assertFalse(none.isAnyone());
        assertFalse(none.admits(user, NOON));
        assertTrue(Grants.ANYONE.admits(user, NOON));
    }

    @Test void aGrantHoldsUntilItsEndAndNotInThatMoment() {
        Grants grants = Grants.only(List.of(new Grant(user, NOON)));
        assertTrue(grants.admits(user, NOON.minusNanos(1)));
        assertFalse(grants.admits(user, NOON));
        assertEquals(user + "@2026-06-01T12:00:00Z", grants.list().getFirst().toString());
        assertTrue(grants.with(new Grant(user, null), NOON).admits(user, NOON), "a new one replaces the old one");
    }

    @Test void grantsOfOneListenerAreLimitedAndThoseThatEndedMakeRoom() {
        List<Grant> many = new ArrayList<>(List.of(new Grant(stranger(), NOON)));
        while (many.size() < Grants.MAXIMUM) {
            many.add(new Grant(stranger(), null));
        }
        Grants full = Grants.only(many);
        Grant another = new Grant(stranger(), null);
        assertThrows(IllegalArgumentException.class, () -> full.with(another, NOON.minusSeconds(1)));
        Grants after = full.with(another, NOON);
        assertEquals(Grants.MAXIMUM, after.list().size());
        assertEquals(another, after.list().getLast());
    }

    @Test void onlyTheLastRefusedPeersAreRemembered() {
        RefusedPeers refused = new RefusedPeers();
        refused.add(user);
        List<PeerId> strangers = new ArrayList<>();
        for (int i = 0; i < RefusedPeers.MAXIMUM; i++) {
            strangers.addFirst(stranger());
            refused.add(strangers.getFirst());
        }
        assertEquals(strangers, refused.list().stream().map(RefusedPeer::peer).toList());
        refused.add(strangers.getLast());
        assertEquals(2, refused.list().getFirst().attempts());
    }
}
