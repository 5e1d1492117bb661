package adit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.multiformats.Varint;
import adit.transport.Connection;
import adit.transport.Multistream;
import adit.transport.Stream;
import adit.transport.StreamResetException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class IdentifyTest {
    private Node a;
    private Node b;

    @BeforeEach void open() throws IOException {
        a = new Node(TestSettings.quick().withAgentVersion("adit/a"));
        b = new Node(TestSettings.quick().withAgentVersion("adit/b")).echoing("/x/echo");
        a.knows(b);
    }

    @AfterEach void close() {
        a.close();
        b.close();
    }

    @Test void bothSidesLearnWhatTheOtherTells() throws Exception {
        PeerId self = b.swarm.self();
        Connection connection = a.swarm.connect(self);
        IdentifiedPeer told = a.swarm.awaitIdentified(self);
        assertEquals(self, told.peerId());
        assertEquals(b.swarm.publicKey(), told.publicKey());
        assertEquals("adit/b", told.agentVersion());
        assertEquals("ipfs/0.1.0", told.protocolVersion());
        assertTrue(told.protocols().containsAll(List.of("/x/echo", Identify.ID, Identify.PUSH, Ping.ID)), told.toString());
        assertEquals(List.of(b.address), told.listenAddresses());
        assertEquals(connection.localAddress(), told.observedAddress());
        Conditions.await(() -> b.swarm.isConnected(a.swarm.self()));
        IdentifiedPeer reverse = b.swarm.awaitIdentified(a.swarm.self());
        assertEquals("adit/a", reverse.agentVersion());
        assertEquals(List.of(a.address), b.swarm.addressBook().addresses(a.swarm.self()));
    }

    @Test void hiddenProtocolIsServedButNotTold() throws IOException {
        b.swarm.handle("/x/hidden", false, Node::echo);
        assertEquals("hello", a.ask(b, "/x/hidden", "hello"));
        assertFalse(a.swarm.awaitIdentified(b.swarm.self()).protocols().contains("/x/hidden"));
    }

    @Test void newProtocolIsPushedToConnectedPeers() throws Exception {
        a.swarm.connect(b.swarm.self());
        a.swarm.awaitIdentified(b.swarm.self());
        b.echoing("/x/new");
        Conditions.await(() -> a.speaks(b, "/x/new"));
        b.swarm.unhandle("/x/new");
        Conditions.await(() -> !a.speaks(b, "/x/new"));
        assertTrue(a.speaks(b, "/x/echo"));
    }

    @Test void newListenAddressIsPushed() throws Exception {
        a.swarm.connect(b.swarm.self());
        b.swarm.listen(Peers.address("/ip4/127.0.0.1/tcp/0"));
        Conditions.await(() -> a.swarm.addressBook().addresses(b.swarm.self()).containsAll(b.swarm.announcedAddresses()));
    }

    @Test void addressThatAnotherPartKnowsIsAnnouncedAndPushed() throws Exception {
        Multiaddr mapped = Peers.address("/ip4/1.2.3.4/tcp/4001");
        List<Multiaddr> known = new CopyOnWriteArrayList<>();
        Runnable changed = b.swarm.ownAddresses().also(() -> known);
        a.swarm.connect(b.swarm.self());
        a.swarm.awaitIdentified(b.swarm.self());
        assertFalse(b.swarm.announcedAddresses().contains(mapped));
        known.add(mapped);
        changed.run();
        Conditions.await(() -> a.swarm.identified(b.swarm.self()).orElseThrow().listenAddresses().contains(mapped));
        known.clear();
        changed.run();
        Conditions.await(() -> !a.swarm.identified(b.swarm.self()).orElseThrow().listenAddresses().contains(mapped));
    }

    @Test void manyChangesMakeFewPushes() throws Exception {
        List<String> pushes = new ArrayList<>();
        a.swarm.unhandle(Identify.PUSH);
        a.swarm.handle(Identify.PUSH, true, stream -> {
            synchronized (pushes) {
                pushes.add("push");
            }
            Node.echo(stream);
        });
        a.swarm.connect(b.swarm.self());
        Conditions.await(() -> b.swarm.identified(a.swarm.self()).isPresent());
        // else it may be told of the changes by the answer to its own question
        a.swarm.awaitIdentified(b.swarm.self());
        for (int i = 0; i < 100; i++) {
            b.echoing("/x/" + i);
        }
        Conditions.await(() -> {
            synchronized (pushes) {
                return !pushes.isEmpty();
            }
        });
        synchronized (pushes) {
            assertTrue(pushes.size() < 10, pushes.size() + " pushes");
        }
    }

    @Test void hundredsOfProtocolsAreTold() throws Exception {
        for (int i = 0; i < 500; i++) {
            b.echoing("/x/service-with-a-long-name-%03d".formatted(i));
        }
        a.swarm.connect(b.swarm.self());
        assertEquals(504, a.swarm.awaitIdentified(b.swarm.self()).protocols().size());
    }

    @Test void identityIsRememberedAfterTheConnection() throws Exception {
        a.swarm.connect(b.swarm.self());
        a.swarm.awaitIdentified(b.swarm.self());
        a.swarm.disconnect(b.swarm.self(), "test");
        Conditions.await(() -> a.swarm.connections().isEmpty());
        assertEquals("adit/b", a.swarm.identified(b.swarm.self()).orElseThrow().agentVersion());
    }

    @Test void unconnectedPeerIsNotAwaited() {
        IOException failure = assertThrows(IOException.class, () -> a.swarm.awaitIdentified(b.swarm.self()));
        assertEquals("not connected to " + b.swarm.self(), failure.getMessage());
    }

    @Test void peerThatDoesNotAnswerIsAwaitedForALimitedTime() throws Exception {
        try (MutePeer mute = new MutePeer(); Node impatient = new Node(TestSettings.impatient(Duration.ofMillis(300)))) {
            impatient.swarm.addressBook().add(mute.self(), List.of(mute.address), AddressBook.FOREVER);
            impatient.swarm.connect(mute.self());
            IOException failure = assertThrows(IOException.class, () -> impatient.swarm.awaitIdentified(mute.self()));
            assertTrue(failure.getMessage().contains("0.3 s"), failure.getMessage());
        }
    }

    @Test void peerWithoutIdentifyCanBeUsed() throws Exception {
        b.swarm.unhandle(Identify.ID);
        a.swarm.connect(b.swarm.self());
        assertThrows(IOException.class, () -> a.swarm.awaitIdentified(b.swarm.self()));
        assertEquals("hello", a.ask(b, "/x/echo", "hello"));
    }

    @Test void malformedPushIsResetAndForgotten() throws Exception {
        a.swarm.connect(b.swarm.self());
        Conditions.await(() -> b.swarm.identified(a.swarm.self()).isPresent());
        Stream push = a.swarm.openStream(b.swarm.self(), Identify.PUSH);
        push.outputStream().write(Varint.encode(1 << 20));
        assertThrows(StreamResetException.class, () -> push.inputStream().read());
        assertEquals("adit/a", b.swarm.identified(a.swarm.self()).orElseThrow().agentVersion());
    }

    @Test void dripFedPushEndsInTime() throws Exception {
        try (Node impatient = new Node(TestSettings.impatient(Duration.ofMillis(300)))) {
            a.knows(impatient).swarm.connect(impatient.swarm.self());
            Stream push = a.swarm.openStream(impatient.swarm.self(), Identify.PUSH);
            push.outputStream().write(100);
            assertThrows(StreamResetException.class, () -> push.inputStream().read());
        }
    }

    @Test void onlySoManyStreamsOfOnePeerAreServed() throws Exception {
        a.swarm.connect(b.swarm.self());
        a.swarm.awaitIdentified(b.swarm.self());
        List<Stream> held = new ArrayList<>();
        for (int i = 0; i < Identify.MAXIMUM_STREAMS; i++) {
            held.add(negotiated(Identify.PUSH));
        }
        assertThrows(StreamResetException.class, () -> negotiated(Identify.PUSH).inputStream().read());
        held.forEach(Stream::reset);
    }

    /** A stream whose protocol the other side has answered. */
    private Stream negotiated(String protocol) throws IOException {
        Stream stream = a.swarm.connect(b.swarm.self()).openStream();
        Multistream.propose(stream.inputStream(), stream.outputStream(), List.of(protocol));
        return stream;
    }
}
