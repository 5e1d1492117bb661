package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.transport.Connection;
import adit.transport.Direction;
import adit.transport.ProtocolNotSupportedException;
import adit.transport.Stream;
import adit.transport.StreamResetException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SwarmTest {
    private Node a;
    private Node b;
    private PeerId peerA;
    private PeerId peerB;

    @BeforeEach void open() throws IOException {
        a = new Node();
        b = new Node().echoing("/x/echo");
        a.knows(b);
        peerA = a.swarm.self();
        peerB = b.swarm.self();
    }

    @AfterEach void close() {
        a.close();
        b.close();
    }

    // ---- streams

    @Test void firstStreamConnectsAndLaterOnesShareTheConnection() throws IOException {
        assertFalse(a.swarm.isConnected(peerB));
        for (int i = 0; i < 20; i++) {
            assertEquals("hello " + i, a.ask(b, "/x/echo", "hello " + i));
        }
        assertTrue(a.swarm.isConnected(peerB));
        assertTrue(b.swarm.isConnected(peerA));
        assertEquals(1, a.swarm.connections().size());
        assertEquals(Direction.OUTBOUND, a.swarm.connections().getFirst().direction());
    }

    @Test void streamsGoBothWaysOverOneConnection() throws Exception {
        a.echoing("/x/back");
        a.swarm.connect(peerB);
        Conditions.await(() -> b.swarm.isConnected(peerA));
        assertEquals("hello", b.ask(a, "/x/back", "hello"));
        assertEquals(1, b.swarm.connections().size());
    }

    @Test void handlerLearnsPeerAndProtocol() throws IOException {
        b.swarm.handle("/x/who", false, stream -> {
            stream.outputStream().write((stream.connection().remotePeer() + " " + stream.protocol()).getBytes());
            stream.close();
        });
        assertEquals(peerA + " /x/who", a.ask(b, "/x/who", ""));
    }

    @Test void unknownProtocolIsRefusedAndTheConnectionLives() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThrows(ProtocolNotSupportedException.class, () -> a.swarm.openStream(peerB, "/x/unknown"));
        }
        assertEquals("hello", a.ask(b, "/x/echo", "hello"));
    }

    @Test void protocolIsMatchedByItsWholeName() {
        assertThrows(ProtocolNotSupportedException.class, () -> a.swarm.openStream(peerB, "/x/ech"));
        assertThrows(ProtocolNotSupportedException.class, () -> a.swarm.openStream(peerB, "/x/echo/1"));
    }

    @Test void lazyOpeningThatIsRefusedSaysSoAtTheFirstRead() throws Exception {
        a.swarm.connect(peerB);
        a.swarm.awaitIdentified(peerB);
        // so that the push that would tell goes nowhere
        a.swarm.unhandle(Identify.PUSH);
        b.swarm.unhandle("/x/echo");
        Stream refused = a.swarm.openStream(peerB, "/x/echo");
        assertThrows(ProtocolNotSupportedException.class, () -> refused.inputStream().read());
        a.swarm.protocolRefused(peerB, "/x/echo");
        assertThrows(ProtocolNotSupportedException.class, () -> a.swarm.openStream(peerB, "/x/echo"));
    }

    @Test void takenNameCannotBeServedTwice() {
        assertThrows(IllegalStateException.class, () -> b.echoing("/x/echo"));
        assertEquals(List.of(Identify.ID, Identify.PUSH, Ping.ID, "/x/echo"), b.swarm.protocols());
    }

    @Test void failureOfAHandlerResetsItsStreamOnly() throws Exception {
        b.swarm.handle("/x/fails", false, stream -> {
            throw new IOException("the service is away");
        });
        b.swarm.handle("/x/breaks", false, stream -> {
            throw new IllegalStateException("a fault");
        });
        assertThrows(StreamResetException.class, () -> a.ask(b, "/x/fails", "hello"));
        assertEquals(List.of(), b.log.warnings);
        assertTrue(b.log.details.stream().anyMatch(line -> line.contains("the service is away")));
        assertThrows(StreamResetException.class, () -> a.ask(b, "/x/breaks", "hello"));
        assertTrue(b.log.warnings.getFirst().contains("a fault"));
        assertEquals("hello", a.ask(b, "/x/echo", "hello"));
    }

    @Test void streamThatNeverNamesItsProtocolIsReset() throws Exception {
        try (Node strict = new Node(PrivateKey.generate(), TestSettings.quick(), "/ip4/127.0.0.1/tcp/0",
                Impatience.handshake(Duration.ofSeconds(2)))) {
            Stream stream = a.knows(strict).swarm.connect(strict.swarm.self()).openStream();
            stream.outputStream().write(19);
            stream.setReadTimeout(Duration.ofSeconds(10));
            assertThrows(StreamResetException.class, () -> stream.inputStream().readAllBytes());
        }
    }

    @Test void peerThatDoesNotAnswerAProposalCostsLimitedTime() throws Exception {
        try (MutePeer mute = new MutePeer(); Node impatient = new Node(TestSettings.impatient(Duration.ofMillis(500)))) {
            impatient.swarm.addressBook().add(mute.self(), List.of(mute.address), AddressBook.FOREVER);
            impatient.swarm.connect(mute.self());
            assertThrows(SocketTimeoutException.class, () -> impatient.swarm.openStream(mute.self(), "/x/silent"));
            assertTrue(impatient.swarm.isConnected(mute.self()), "the connection is not to blame");
        }
    }

    @Test void interruptWhileAProposalWaitsForItsAnswerHarmsNoOtherStream() throws Exception {
        try (MutePeer mute = new MutePeer()) {
            a.swarm.addressBook().add(mute.self(), List.of(mute.address), AddressBook.FOREVER);
            Connection connection = a.swarm.connect(mute.self());
            Thread caller = Thread.currentThread();
            Thread.ofVirtual().start(() -> interruptOnceAStreamIsOpen(connection, caller));
            assertThrows(StreamResetException.class, () -> a.swarm.openStream(mute.self(), "/x/silent"));
            assertTrue(Thread.interrupted(), "the interrupt stays set");
            assertSame(connection, a.swarm.connect(mute.self()));
        }
    }

    private static void interruptOnceAStreamIsOpen(Connection connection, Thread caller) {
        try {
            // the other one is identify's
            Conditions.await(() -> connection.streams().size() == 2);
            caller.interrupt();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- connections

    @Test void connectedPeerIsNotDialledAgain() throws IOException {
        assertSame(a.swarm.connect(peerB), a.swarm.connect(peerB));
    }

    @Test void disconnectClosesOnBothSides() throws Exception {
        a.swarm.connect(peerB);
        Conditions.await(() -> b.swarm.isConnected(peerA));
        assertEquals(1, a.swarm.disconnect(peerB, "test"));
        Conditions.await(() -> !a.swarm.isConnected(peerB) && !b.swarm.isConnected(peerA));
        assertEquals(0, a.swarm.disconnect(peerB, "test"));
    }

    @Test void nextStreamDialsAgainAfterThePeerHasRestarted() throws Exception {
        PrivateKey identity = PrivateKey.generate();
        String listen;
        try (Node first = new Node(identity, TestSettings.quick(), "/ip4/127.0.0.1/tcp/0").echoing("/x/echo")) {
            listen = first.address.toString();
            assertEquals("hello", a.knows(first).ask(first, "/x/echo", "hello"));
        }
        Conditions.await(() -> a.swarm.connections().isEmpty());
        try (Node second = new Node(identity, TestSettings.quick(), listen).echoing("/x/echo")) {
            assertEquals("hello again", a.ask(second, "/x/echo", "hello again"));
        }
    }

    @Test void openingSurvivesAConnectionThatDiesUnderIt() throws Exception {
        for (int i = 0; i < 20; i++) {
            // a new name that is not advertised: so it is negotiated, and nothing has been sent when the connection dies
            b.swarm.handle("/x/" + i, false, Node::echo);
            Connection before = a.swarm.connect(peerB);
            Conditions.await(() -> b.swarm.disconnect(peerA, "test") > 0);
            assertEquals("hello", a.ask(b, "/x/" + i, "hello"));
            assertNotSame(before, a.swarm.connect(peerB));
        }
    }

    @Test void bothFamiliesAreListenedOnAndDialled() throws Exception {
        b.swarm.listen(Peers.address("/ip6/::1/tcp/0"));
        try (Node c = new Node(PrivateKey.generate(), TestSettings.quick(), "/ip6/::1/tcp/0")) {
            c.swarm.addressBook().add(peerB, b.swarm.listenAddresses(), AddressBook.FOREVER);
            assertEquals("hello", c.ask(b, "/x/echo", "hello"));
        }
    }

    @Test void wildcardIsAnnouncedAsTheInterfacesAddresses() throws Exception {
        try (Node c = new Node(PrivateKey.generate(), TestSettings.quick(), "/ip4/0.0.0.0/tcp/0")) {
            int port = c.address.toTcp().orElseThrow().getPort();
            assertEquals(List.of(c.address), c.swarm.listenAddresses());
            assertTrue(c.swarm.announcedAddresses().contains(Peers.address("/ip4/127.0.0.1/tcp/" + port)));
            assertFalse(c.swarm.announcedAddresses().contains(c.address));
        }
    }

    @Test void duplicateIsClosedOnlyAfterItsStreamsHaveEnded() throws Exception {
        PrivateKey identity = PrivateKey.generate();
        try (Node first = new Node(identity, TestSettings.quick(), "/ip4/127.0.0.1/tcp/0").knows(b);
                Node second = new Node(identity, TestSettings.quick(), "/ip4/127.0.0.1/tcp/0").knows(b)) {
            Stream stream = first.swarm.openStream(peerB, "/x/echo");
            stream.outputStream().write(1);
            assertEquals(1, stream.inputStream().read());
            second.swarm.connect(peerB);
            Conditions.await(() -> b.swarm.connections().size() == 2);
            Conditions.await(() -> b.swarm.connections().stream().allMatch(each -> each.opened().plusMillis(500).isBefore(Instant.now())));
            assertEquals("whole", Node.exchange(stream, "whole"));
            Conditions.await(() -> !first.swarm.isConnected(peerB));
            assertTrue(second.swarm.isConnected(peerB));
            assertEquals(1, b.swarm.connections().size());
        }
    }

    // ---- limits

    @Test void peerBeyondItsConnectionsIsRefused() throws Exception {
        try (Node strict = new Node(TestSettings.limits(10, 1, 8, Duration.ofMinutes(1)))) {
            PrivateKey twice = PrivateKey.generate();
            try (Node first = new Node(twice, TestSettings.quick(), "/ip4/127.0.0.1/tcp/0");
                    Node second = new Node(twice, TestSettings.quick(), "/ip4/127.0.0.1/tcp/0")) {
                first.knows(strict).swarm.connect(strict.swarm.self());
                Conditions.await(() -> strict.swarm.isConnected(twice.peerId()));
                second.knows(strict).swarm.connect(strict.swarm.self());
                Conditions.await(() -> !second.swarm.isConnected(strict.swarm.self()));
                assertTrue(first.swarm.isConnected(strict.swarm.self()));
                assertEquals(1, strict.swarm.connections().size());
            }
        }
    }

    @Test void idlePeersMakeRoomForNewOnesButProtectedOnesStay() throws Exception {
        List<Node> visitors = new ArrayList<>();
        try (Node host = new Node(TestSettings.limits(3, 8, 8, Duration.ofNanos(1)))) {
            for (int i = 0; i < 6; i++) {
                Node visitor = new Node();
                visitors.add(visitor);
                if (i == 0) {
                    host.swarm.protect(visitor.swarm.self(), "test");
                }
                visitor.knows(host).swarm.connect(host.swarm.self());
                Conditions.await(() -> host.swarm.isConnected(visitor.swarm.self()));
                Conditions.await(() -> host.swarm.connections().stream().allMatch(connection -> connection.streams().isEmpty()));
            }
            assertEquals(3, host.swarm.connections().size());
            assertTrue(host.swarm.isConnected(visitors.getFirst().swarm.self()));
            assertTrue(host.swarm.isConnected(visitors.getLast().swarm.self()));
            Conditions.await(() -> !visitors.get(1).swarm.isConnected(host.swarm.self()));
        } finally {
            visitors.forEach(Node::close);
        }
    }

    // ---- the end

    @Test void closingEndsEverythingOnce() throws Exception {
        a.swarm.connect(peerB);
        Stream stream = a.swarm.openStream(peerB, "/x/echo");
        b.swarm.close();
        b.swarm.close();
        assertThrows(StreamResetException.class, () -> Node.exchange(stream, "hello"));
        Conditions.await(() -> !a.swarm.isConnected(peerB));
        assertThrows(IOException.class, () -> a.swarm.connect(peerB, true));
        assertEquals(List.of(), b.swarm.listenAddresses());
    }
}
