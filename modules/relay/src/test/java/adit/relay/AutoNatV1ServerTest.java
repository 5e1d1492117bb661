package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.relay.AutoNatV1Message.Dial;
import adit.relay.AutoNatV1Message.DialResponse;
import adit.relay.AutoNatV1Message.Status;
import adit.transport.Log;
import adit.transport.Stream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AutoNatV1ServerTest {
    private final LoopbackNode server = new LoopbackNode();
    private final LoopbackNode client = new LoopbackNode();
    private AutoNatService service;

    AutoNatV1ServerTest() throws IOException {}

    @AfterEach void close() {
        service.close();
        server.close();
        client.close();
    }

    private void serve(AutoNatSettings settings) throws IOException {
        service = new AutoNatService(server.swarm, settings, server.loops, server.deadlines, Log.silent());
        service.serve(true);
        client.connect(server);
    }

    private DialResponse ask(LoopbackNode from, PeerId peer, List<Multiaddr> addresses) throws IOException {
        try (Stream stream = from.swarm.openStream(server.swarm.self(), AutoNatV1Message.PROTOCOL)) {
            new Dial(peer, addresses).write(stream.outputStream());
            return (DialResponse) AutoNatV1Message.read(stream.inputStream());
        }
    }

    @Test void peerIsDialledAtItsOwnIpAddressWhateverItNames() throws Exception {
        serve(QuickSettings.local());
        try (KnockCounter victim = new KnockCounter("127.0.0.2")) {
            DialResponse response = ask(client, client.swarm.self(), List.of(victim.address, Multiaddr.parse("/ip4/8.8.8.8/tcp/" + client.port())));
            assertEquals(Status.OK, response.status());
            assertEquals(client.address, response.address());
            assertEquals(0, victim.knocks());
        }
        assertEquals(1, server.swarm.connections().size(), "the swarm hears nothing of the dial");
    }

    @Test void answerThatNothingWorksComesAfterTheTimeOnly() throws Exception {
        serve(QuickSettings.local());
        try (KnockCounter port = new KnockCounter("127.0.0.1")) {
            long start = System.nanoTime();
            assertEquals(Status.E_DIAL_ERROR, askWithoutListening(client, List.of(port.address)).status());
            assertTrue(System.nanoTime() - start >= QuickSettings.DIAL_TIMEOUT.toNanos(), "nobody scans ports by the clock");
            assertEquals(1, port.knocks());
        }
    }

    /** Of a peer whose connection does not leave from a port that it listens on. */
    private DialResponse askWithoutListening(LoopbackNode node, List<Multiaddr> addresses) throws IOException {
        try (DeafPeer peer = new DeafPeer(node)) {
            Stream stream = peer.open(server.address, server.swarm.self(), AutoNatV1Message.PROTOCOL);
            new Dial(null, addresses).write(stream.outputStream());
            return (DialResponse) AutoNatV1Message.read(stream.inputStream());
        }
    }

    @Test void onlySoManyAddressesAreDialled() throws Exception {
        serve(QuickSettings.local());
        List<KnockCounter> ports = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ports.add(new KnockCounter("127.0.0.1"));
        }
        DialResponse response = askWithoutListening(client, ports.stream().map(port -> port.address).toList());
        assertEquals(Status.E_DIAL_ERROR, response.status());
        assertEquals(AutoNatV1Server.MAXIMUM_DIALS - 1, ports.stream().mapToInt(KnockCounter::knocks).sum(), "and the address of the connection");
        for (KnockCounter port : ports) {
            port.close();
        }
    }

    @Test void privateAddressesAreNeverDialled() throws Exception {
        serve(QuickSettings.strict());
        try (KnockCounter port = new KnockCounter("127.0.0.1")) {
            DialResponse response = ask(client, client.swarm.self(), List.of(port.address, client.address, Multiaddr.parse("/ip4/8.8.8.8/tcp/1")));
            assertEquals(Status.E_DIAL_REFUSED, response.status());
            assertNull(response.address());
            assertEquals(0, port.knocks());
        }
    }

    @Test void onePeerIsServedSoOftenAndAllTogetherSoOften() throws Exception {
        serve(QuickSettings.of(true, 4, 3, 60, 12, 12));
        for (int i = 0; i < 3; i++) {
            assertEquals(Status.OK, ask(client, null, List.of()).status());
        }
        assertEquals(new DialResponse(Status.E_DIAL_REFUSED, "too many dials", null), ask(client, null, List.of()));
        try (LoopbackNode other = new LoopbackNode(); LoopbackNode third = new LoopbackNode()) {
            other.connect(server);
            third.connect(server);
            assertEquals(Status.OK, ask(other, null, List.of()).status());
            assertEquals(Status.E_DIAL_REFUSED, ask(third, null, List.of()).status());
        }
    }

    @Test void nobodyAsksForAnother() throws Exception {
        serve(QuickSettings.local());
        assertEquals(Status.E_BAD_REQUEST, ask(client, PrivateKey.generate().peerId(), List.of()).status());
    }

    @Test void whatIsNoRequestEndsItsStreamAlone() throws Exception {
        serve(QuickSettings.local());
        for (byte[] wrong : new byte[][] {{4, 8, 1, 26, 0}, {(byte) 0xff, (byte) 0xff, 3}, {1, 0}}) {
            Stream stream = client.swarm.openStream(server.swarm.self(), AutoNatV1Message.PROTOCOL);
            stream.write(wrong, 0, wrong.length);
            assertThrows(IOException.class, () -> stream.inputStream().readNBytes(1));
        }
        assertEquals(Status.OK, ask(client, null, List.of()).status());
    }
}
