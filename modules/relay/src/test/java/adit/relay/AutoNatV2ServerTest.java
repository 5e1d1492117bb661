package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.Multiaddr;
import adit.multiformats.Varint;
import adit.relay.AutoNatV2Message.DialDataRequest;
import adit.relay.AutoNatV2Message.DialDataResponse;
import adit.relay.AutoNatV2Message.DialRequest;
import adit.relay.AutoNatV2Message.DialResponse;
import adit.relay.AutoNatV2Message.DialStatus;
import adit.relay.AutoNatV2Message.ResponseStatus;
import adit.transport.Connection;
import adit.transport.Direction;
import adit.transport.Log;
import adit.transport.Stream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AutoNatV2ServerTest {
    private record DialledBack(Connection connection, long nonce) {}

    private static final DialResponse REJECTED = new DialResponse(ResponseStatus.E_REQUEST_REJECTED, 0, DialStatus.UNUSED);
    private static final DialResponse REFUSED = new DialResponse(ResponseStatus.E_DIAL_REFUSED, 0, DialStatus.UNUSED);

    private final LoopbackNode server = new LoopbackNode();
    private final LoopbackNode client = new LoopbackNode();
    private final BlockingQueue<DialledBack> dialledBack = new LinkedBlockingQueue<>();
    private AutoNatService service;

    AutoNatV2ServerTest() throws IOException {
        client.swarm.handle(AutoNatV2Message.DIAL_BACK, true, stream -> {
            long nonce = AutoNatV2Message.parseDialBack(Varint.readLengthPrefixed(stream.inputStream(), AutoNatV2Message.MAXIMUM_DIAL_BACK));
            dialledBack.add(new DialledBack(stream.connection(), nonce));
            Varint.writeLengthPrefixed(stream.outputStream(), AutoNatV2Message.dialBackResponse());
            stream.close();
        });
    }

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

    private Stream begin(LoopbackNode from, long nonce, Multiaddr... addresses) throws IOException {
        Stream stream = from.swarm.openStream(server.swarm.self(), AutoNatV2Message.DIAL_REQUEST);
        new DialRequest(List.of(addresses).stream().map(Optional::of).toList(), nonce).write(stream.outputStream());
        return stream;
    }

    private AutoNatV2Message ask(LoopbackNode from, Multiaddr... addresses) throws IOException {
        try (Stream stream = begin(from, 7, addresses)) {
            return AutoNatV2Message.read(stream.inputStream());
        }
    }

    private static void pay(Stream stream, long bytes) throws IOException {
        for (long left = bytes; left > 0; left -= AutoNatV2Message.MAXIMUM_DATA) {
            new DialDataResponse((int) Math.min(left, AutoNatV2Message.MAXIMUM_DATA)).write(stream.outputStream());
        }
    }

    @Test void firstSuitableAddressIsDialledByAStrangerFromAnotherPort() throws Exception {
        serve(QuickSettings.local());
        Multiaddr relayed = server.address.encapsulate(Multiaddr.parse("/p2p/" + server.swarm.self() + "/p2p-circuit"));
        try (KnockCounter later = new KnockCounter("127.0.0.1")) {
            AutoNatV2Message response = ask(client, relayed, Multiaddr.parse("/dns4/localhost/tcp/1"), Multiaddr.parse("/ip4/127.0.0.1/udp/1/quic-v1"),
                    client.address, later.address);
            assertEquals(new DialResponse(ResponseStatus.OK, 3, DialStatus.OK), response);
            assertEquals(0, later.knocks(), "no other is dialled");
        }
        DialledBack back = dialledBack.take();
        assertEquals(7, back.nonce());
        assertEquals(Direction.INBOUND, back.connection().direction());
        assertNotEquals(server.swarm.self(), back.connection().remotePeer());
        assertNotEquals(server.address, back.connection().remoteAddress());
        assertEquals(1, server.swarm.connections().size(), "the swarm hears nothing of the dial");
        LoopbackNode.await(() -> client.swarm.connections().size() == 1);
    }

    @Test void unreachableAddressIsADialError() throws Exception {
        serve(QuickSettings.local());
        try (KnockCounter port = new KnockCounter("127.0.0.1")) {
            assertEquals(new DialResponse(ResponseStatus.OK, 0, DialStatus.E_DIAL_ERROR), ask(client, port.address));
            assertEquals(1, port.knocks());
        }
        // somebody else answers there
        assertEquals(new DialResponse(ResponseStatus.OK, 0, DialStatus.E_DIAL_ERROR), ask(client, server.address));
    }

    @Test void peerThatDoesNotTakeTheNonceIsADialBackError() throws Exception {
        serve(QuickSettings.local());
        client.swarm.unhandle(AutoNatV2Message.DIAL_BACK);
        assertEquals(new DialResponse(ResponseStatus.OK, 0, DialStatus.E_DIAL_BACK_ERROR), ask(client, client.address));
    }

    @Test void privateAddressesAreNeverDialled() throws Exception {
        serve(QuickSettings.strict());
        try (KnockCounter port = new KnockCounter("127.0.0.1")) {
            assertEquals(REFUSED, ask(client, port.address, client.address, Multiaddr.parse("/ip4/192.168.1.1/tcp/80"), Multiaddr.parse("/ip4/100.64.0.1/tcp/80"),
                    Multiaddr.parse("/ip6/fe80::1/tcp/80"), Multiaddr.parse("/ip4/224.0.0.1/tcp/80")));
            assertEquals(0, port.knocks());
        }
        assertTrue(dialledBack.isEmpty());
    }

    // ---- the price of a dial to another's address

    @Test void anotherIpAddressIsDialledWhenItIsPaidFor() throws Exception {
        serve(QuickSettings.local());
        try (KnockCounter victim = new KnockCounter("127.0.0.2"); Stream stream = begin(client, 1, victim.address)) {
            DialDataRequest price = assertInstanceOf(DialDataRequest.class, AutoNatV2Message.read(stream.inputStream()));
            assertTrue(price.bytes() >= 30_000 && price.bytes() <= 100_000, price.toString());
            assertEquals(0, price.addressIndex());
            pay(stream, price.bytes() - AutoNatV2Message.MAXIMUM_DATA);
            assertEquals(0, victim.knocks(), "not before all is paid");
            pay(stream, AutoNatV2Message.MAXIMUM_DATA);
            assertEquals(new DialResponse(ResponseStatus.OK, 0, DialStatus.E_DIAL_ERROR), AutoNatV2Message.read(stream.inputStream()));
            assertEquals(1, victim.knocks());
        }
    }

    @Test void whoDoesNotPayIsNotServed() throws Exception {
        serve(QuickSettings.local());
        try (KnockCounter victim = new KnockCounter("127.0.0.2")) {
            Stream cheap = begin(client, 1, victim.address);
            DialDataRequest price = (DialDataRequest) AutoNatV2Message.read(cheap.inputStream());
            pay(cheap, price.bytes() / 2);
            cheap.closeWrite();
            assertThrows(IOException.class, () -> cheap.inputStream().readNBytes(1));
            Stream tiny = begin(client, 1, victim.address);
            AutoNatV2Message.read(tiny.inputStream());
            new DialDataResponse(99).write(tiny.outputStream());
            assertThrows(IOException.class, () -> tiny.inputStream().readNBytes(1), "many small messages are work for nothing");
            Stream other = begin(client, 1, victim.address);
            AutoNatV2Message.read(other.inputStream());
            new DialDataRequest(0, 1).write(other.outputStream());
            assertThrows(IOException.class, () -> other.inputStream().readNBytes(1));
            assertEquals(0, victim.knocks());
        }
    }

    // ---- limits

    @Test void onePeerIsServedSoOftenAndAllTogetherSoOften() throws Exception {
        serve(QuickSettings.of(true, 30, 3, 6, 4, 12));
        for (int i = 0; i < 4; i++) {
            assertEquals(ResponseStatus.OK, ((DialResponse) ask(client, client.address)).status());
        }
        assertEquals(REJECTED, ask(client, client.address));
        try (LoopbackNode other = new LoopbackNode()) {
            other.connect(server);
            for (int i = 0; i < 2; i++) {
                assertEquals(ResponseStatus.OK, ((DialResponse) ask(other, other.address)).status());
            }
            assertEquals(REJECTED, ask(other, other.address));
        }
    }

    @Test void requestsThatNeedDataHaveALimitOfTheirOwn() throws Exception {
        serve(QuickSettings.of(true, 30, 3, 60, 12, 1));
        Multiaddr elsewhere = Multiaddr.parse("/ip4/127.0.0.3/tcp/9");
        assertInstanceOf(DialDataRequest.class, ask(client, elsewhere));
        assertEquals(REJECTED, ask(client, elsewhere));
        assertEquals(ResponseStatus.OK, ((DialResponse) ask(client, client.address)).status());
    }

    @Test void onePeerIsServedOnlySoOftenAtATime() throws Exception {
        serve(QuickSettings.local());
        List<Stream> waiting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            waiting.add(begin(client, 1, Multiaddr.parse("/ip4/127.0.0.3/tcp/9")));
            assertInstanceOf(DialDataRequest.class, AutoNatV2Message.read(waiting.getLast().inputStream()));
        }
        assertEquals(REJECTED, ask(client, client.address));
        waiting.forEach(Stream::reset);
        LoopbackNode.await(() -> {
            try {
                return ask(client, client.address) instanceof DialResponse response && response.status() == ResponseStatus.OK;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test void floodOfOnePeerLeavesOthersTheirService() throws Exception {
        serve(QuickSettings.local());
        int served = 0;
        for (int i = 0; i < 300; i++) {
            served += ((DialResponse) ask(client, client.address)).status() == ResponseStatus.OK ? 1 : 0;
        }
        assertEquals(12, served);
        try (LoopbackNode other = new LoopbackNode()) {
            other.connect(server);
            assertEquals(ResponseStatus.OK, ((DialResponse) ask(other, other.address)).status());
        }
        assertTrue(client.swarm.isConnected(server.swarm.self()));
    }

    @Test void silentAndSenselessStreamsAreEnded() throws Exception {
        serve(QuickSettings.local());
        for (byte[] wrong : new byte[][] {{2, 0x22, 0}, {(byte) 0xff, (byte) 0xff, 3}, {1, 0}}) {
            Stream stream = client.swarm.openStream(server.swarm.self(), AutoNatV2Message.DIAL_REQUEST);
            stream.write(wrong, 0, wrong.length);
            assertThrows(IOException.class, () -> stream.inputStream().readNBytes(1));
        }
        Stream silent = client.swarm.openStream(server.swarm.self(), AutoNatV2Message.DIAL_REQUEST);
        silent.write(new byte[] {20}, 0, 1);
        assertThrows(IOException.class, () -> silent.inputStream().readNBytes(1), "after the time-out");
        assertEquals(ResponseStatus.OK, ((DialResponse) ask(client, client.address)).status());
    }
}
