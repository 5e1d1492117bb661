package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.Multiaddr;
import adit.multiformats.Varint;
import adit.relay.AutoNatV2Message.DialRequest;
import adit.relay.AutoNatV2Message.DialResponse;
import adit.relay.AutoNatV2Message.DialStatus;
import adit.relay.AutoNatV2Message.ResponseStatus;
import adit.swarm.AnnouncePolicy;
import adit.transport.Log;
import adit.transport.Stream;
import adit.transport.StreamHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AutoNatTest {
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final AtomicInteger changes = new AtomicInteger();

    @AfterEach void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }

    private AutoNat start(LoopbackNode node, AutoNatSettings settings) {
        AutoNat autoNat = open(new AutoNat(node.swarm, settings, node.loops, node.deadlines, Log.silent()));
        autoNat.onChange(changes::incrementAndGet);
        autoNat.start();
        return autoNat;
    }

    private static AutoNatSettings automatic() {
        return QuickSettings.local().with(AutoNatSettings.Service.AUTO, Reachability.UNKNOWN);
    }

    /** Serves others truthfully and asks nobody. */
    private void connectServers(LoopbackNode node, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            LoopbackNode server = open(new LoopbackNode());
            AutoNatService service = open(new AutoNatService(server.swarm, QuickSettings.local(), server.loops, server.deadlines, Log.silent()));
            service.serve(true);
            node.connect(server);
        }
    }

    private void connectLiar(LoopbackNode node, StreamHandler liar) throws IOException {
        LoopbackNode server = open(new LoopbackNode());
        server.swarm.handle(AutoNatV2Message.DIAL_REQUEST, true, liar);
        node.connect(server);
    }

    private static StreamHandler saying(DialStatus status) {
        return stream -> {
            AutoNatV2Message.read(stream.inputStream());
            new DialResponse(ResponseStatus.OK, 0, status).write(stream.outputStream());
            stream.close();
        };
    }

    /** One that tells others an address where nobody listens, and is not reached there. */
    private LoopbackNode unreachable() throws IOException {
        KnockCounter nobody = open(new KnockCounter("127.0.0.1"));
        return open(new LoopbackNode(new AnnouncePolicy(List.of(nobody.address), List.of(), List.of())));
    }

    @Test void nodeThatIsReachedFindsOutSo() throws Exception {
        LoopbackNode node = open(new LoopbackNode());
        AutoNat autoNat = start(node, automatic());
        assertEquals(Reachability.UNKNOWN, autoNat.reachability());
        connectServers(node, 3);
        LoopbackNode.await(() -> autoNat.addresses().stream().anyMatch(each -> each.reached() == 3));
        assertEquals(Reachability.PUBLIC, autoNat.reachability());
        assertEquals(List.of(new AddressReachability(node.address, Reachability.PUBLIC, 3, 0)), autoNat.addresses());
        assertTrue(changes.get() > 0);
        assertTrue(autoNat.isServing());
        AutoNatEvidence last = autoNat.evidence().getFirst();
        assertEquals(node.address, last.address());
        assertEquals(Reachability.PUBLIC, last.reachability());
        assertTrue(node.swarm.isConnected(last.server()));
        assertEquals(node.swarm.connections().stream().filter(each -> each.remotePeer().equals(last.server())).findFirst().orElseThrow().remoteAddress(),
                last.serverAddress());
    }

    @Test void nodeThatIsNotReachedFindsOutSoAndServesNobody() throws Exception {
        LoopbackNode node = unreachable();
        AutoNat autoNat = start(node, automatic());
        assertTrue(autoNat.isServing(), "as long as nothing is known");
        connectServers(node, 2);
        LoopbackNode.await(() -> autoNat.reachability() == Reachability.PRIVATE);
        LoopbackNode.await(() -> !autoNat.isServing());
        assertFalse(node.swarm.protocols().contains(AutoNatV1Message.PROTOCOL));
        assertFalse(node.swarm.protocols().contains(AutoNatV2Message.DIAL_REQUEST));
        assertTrue(node.swarm.protocols().contains(AutoNatV2Message.DIAL_BACK));
    }

    @Test void oneServerIsNotEnough() throws Exception {
        LoopbackNode node = open(new LoopbackNode());
        AutoNat autoNat = start(node, automatic());
        connectServers(node, 1);
        LoopbackNode.await(() -> !autoNat.evidence().isEmpty());
        assertEquals(Reachability.PUBLIC, autoNat.evidence().getFirst().reachability());
        assertEquals(Reachability.UNKNOWN, autoNat.reachability());
    }

    @Test void oneLiarDoesNotMakeItPrivate() throws Exception {
        LoopbackNode node = open(new LoopbackNode());
        connectLiar(node, saying(DialStatus.E_DIAL_ERROR));
        AutoNat autoNat = start(node, automatic());
        LoopbackNode.await(() -> autoNat.evidence().size() == 1);
        assertEquals(Reachability.UNKNOWN, autoNat.reachability());
        connectServers(node, 3);
        LoopbackNode.await(() -> autoNat.reachability() == Reachability.PUBLIC);
        assertEquals(1, autoNat.addresses().getFirst().unreached());
    }

    @Test void whoSaysThatItHasDialledMustProveIt() throws Exception {
        LoopbackNode node = unreachable();
        connectLiar(node, saying(DialStatus.OK));
        connectLiar(node, saying(DialStatus.E_DIAL_BACK_ERROR));
        connectLiar(node, saying(DialStatus.UNUSED));
        connectLiar(node, stream -> {
            AutoNatV2Message.read(stream.inputStream());
            new DialResponse(ResponseStatus.OK, 99, DialStatus.OK).write(stream.outputStream());
            stream.close();
        });
        connectLiar(node, AutoNatTest::nonceOnTheSameConnection);
        AutoNat autoNat = start(node, automatic());
        LoopbackNode.await(() -> autoNat.evidence().size() == 5);
        assertTrue(autoNat.evidence().stream().allMatch(each -> each.reachability() == Reachability.UNKNOWN), autoNat.evidence().toString());
        assertEquals(Reachability.UNKNOWN, autoNat.reachability());
        connectServers(node, 2);
        LoopbackNode.await(() -> autoNat.reachability() == Reachability.PRIVATE);
    }

    /** The nonce is told, but on the connection that the node has dialled itself. */
    private static void nonceOnTheSameConnection(Stream stream) throws IOException {
        DialRequest request = (DialRequest) AutoNatV2Message.read(stream.inputStream());
        Stream back = stream.connection().openStreamLazily(AutoNatV2Message.DIAL_BACK);
        Varint.writeLengthPrefixed(back.outputStream(), AutoNatV2Message.dialBack(request.nonce()));
        assertThrows(IOException.class, () -> back.inputStream().readNBytes(1));
        new DialResponse(ResponseStatus.OK, 0, DialStatus.OK).write(stream.outputStream());
        stream.close();
    }

    @Test void noServerGetsMoreDataThanTheSpecificationAllows() throws Exception {
        LoopbackNode node = open(new LoopbackNode());
        AtomicInteger refused = new AtomicInteger();
        for (long wanted : new long[] {100_001, -1}) {
            connectLiar(node, stream -> {
                AutoNatV2Message.read(stream.inputStream());
                new AutoNatV2Message.DialDataRequest(0, wanted).write(stream.outputStream());
                assertThrows(IOException.class, () -> stream.inputStream().readNBytes(1));
                refused.incrementAndGet();
            });
        }
        AutoNat autoNat = start(node, automatic());
        LoopbackNode.await(() -> autoNat.evidence().size() == 2 && refused.get() == 2);
    }

    @Test void addressElsewhereIsPaidForAndFoundReached() throws Exception {
        LoopbackNode node = open(new LoopbackNode());
        Multiaddr other = node.swarm.listen(Multiaddr.parse("/ip4/127.0.0.2/tcp/0"));
        connectServers(node, 6);
        AutoNat autoNat = start(node, automatic());
        LoopbackNode.await(() -> autoNat.addresses().contains(new AddressReachability(other, Reachability.PUBLIC, 3, 0)));
    }

    @Test void serversThatSpeakTheOlderVersionOnlyAreAskedAsWell() throws Exception {
        LoopbackNode node = open(new LoopbackNode());
        AutoNat autoNat = start(node, automatic());
        for (int i = 0; i < 3; i++) {
            LoopbackNode server = open(new LoopbackNode());
            AutoNatSettings settings = QuickSettings.local();
            server.swarm.handle(AutoNatV1Message.PROTOCOL, true, new AutoNatV1Server(settings, new DialBackRule(List::of, true),
                    new DialBackDialler(server.loops, server.deadlines, Log.silent()), new RequestThrottle(30, 3, settings.limitPeriod(), System::nanoTime),
                    server.deadlines));
            node.connect(server);
        }
        LoopbackNode.await(() -> autoNat.reachability() == Reachability.PUBLIC);
        assertTrue(autoNat.evidence().getFirst().words().contains("says that it has dialled this node"));
    }

    @Test void newAddressIsAskedAbout() throws Exception {
        LoopbackNode node = open(new LoopbackNode());
        connectServers(node, 6);
        AutoNat autoNat = start(node, automatic());
        LoopbackNode.await(() -> autoNat.reachability() == Reachability.PUBLIC);
        KnockCounter nobody = open(new KnockCounter("127.0.0.1"));
        node.swarm.ownAddresses().also(() -> List.of(nobody.address)).run();
        LoopbackNode.await(() -> autoNat.addresses().contains(new AddressReachability(nobody.address, Reachability.PRIVATE, 0, 3)));
        assertEquals(Reachability.PUBLIC, autoNat.reachability());
    }

    @Test void recheckAsksAgain() throws Exception {
        LoopbackNode node = open(new LoopbackNode());
        connectServers(node, 3);
        AutoNat autoNat = start(node, automatic());
        LoopbackNode.await(() -> autoNat.evidence().size() == 3);
        autoNat.recheck();
        LoopbackNode.await(() -> autoNat.evidence().size() == 4);
    }

    @Test void forcedReachabilityAsksNobody() throws Exception {
        LoopbackNode node = open(new LoopbackNode());
        AutoNat forced = start(node, QuickSettings.local().with(AutoNatSettings.Service.AUTO, Reachability.PRIVATE));
        assertEquals(Reachability.PRIVATE, forced.reachability());
        assertFalse(forced.isServing());
        assertFalse(node.swarm.protocols().contains(AutoNatV2Message.DIAL_BACK));
        LoopbackNode other = open(new LoopbackNode());
        AutoNat open = start(other, QuickSettings.local().with(AutoNatSettings.Service.DISABLED, Reachability.PUBLIC));
        assertEquals(Reachability.PUBLIC, open.reachability());
        assertFalse(open.isServing());
    }

    @Test void addressesOfThisMachineAloneAreNotAskedAbout() throws Exception {
        LoopbackNode node = open(new LoopbackNode());
        AutoNat autoNat = start(node, QuickSettings.strict());
        AtomicInteger asked = new AtomicInteger();
        connectLiar(node, stream -> asked.incrementAndGet());
        connectServers(node, 2);
        LoopbackNode.await(() -> autoNat.addresses().isEmpty() && node.swarm.connections().size() == 3);
        assertEquals(List.of(), autoNat.addresses());
        assertEquals(0, asked.get());
        assertEquals(List.of(), autoNat.evidence());
    }

    @Test void closedOneServesAndAsksNobody() throws Exception {
        LoopbackNode node = open(new LoopbackNode());
        AutoNat autoNat = start(node, automatic());
        autoNat.close();
        assertFalse(node.swarm.protocols().stream().anyMatch(protocol -> protocol.startsWith("/libp2p/autonat/")));
        connectServers(node, 3);
        assertEquals(List.of(), autoNat.evidence());
        autoNat.close();
    }
}
