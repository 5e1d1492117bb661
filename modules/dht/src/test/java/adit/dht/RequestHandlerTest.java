package adit.dht;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class RequestHandlerTest {
    private static final int K = 20;
    private final Random random = new Random(21);
    private final PeerId self = Peers.random(random);
    private final PeerId asker = Peers.random(random);
    private final RoutingTable table = new RoutingTable(Key.of(self), K, 0, 0);
    private final Map<PeerId, List<Multiaddr>> known = new HashMap<>();
    private final ValueStore values = new ValueStore(10, 100_000, Instant::now);
    private final ProviderStore providers = new ProviderStore(1000, 500, 10, () -> 0);
    private final RequestHandler handler = new RequestHandler(table, K, Realm.PUBLIC, values, providers,
            peer -> known.getOrDefault(peer, List.of()));

    private static Multiaddr address(String text) throws MalformedException {
        return Multiaddr.parse(text);
    }

    private void fill(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            table.offer(new KnownPeer(Peers.random(random), List.of(address("/ip4/1.2.3.4/tcp/1"))), address("/ip4/1.2.3.4/tcp/1"), 0);
        }
    }

    private Message ask(Message request) throws MalformedException {
        return handler.answer(asker, request);
    }

    @Test
    void nearestAreToldButNeverTheAskerItself() throws Exception {
        fill(100);
        PeerId target = Peers.random(random);
        table.offer(new KnownPeer(asker, List.of()), address("/ip4/1.2.3.4/tcp/1"), 0);
        List<PeerId> told = ask(Message.findNode(target.toBytes())).closerPeers().stream().map(KnownPeer::id).toList();
        assertEquals(K, told.size());
        assertFalse(told.contains(asker));
        assertEquals(table.nearest(Key.of(target), K + 1).stream().map(RoutingTable.Member::id).filter(id -> !id.equals(asker)).limit(K).toList(),
                told);
    }

    @Test
    void peerThatIsAskedForIsToldWithItsPublicAddressesThoughItServesNobody() throws Exception {
        fill(30);
        PeerId client = Peers.random(random);
        known.put(client, List.of(address("/ip4/192.168.1.1/tcp/1"), address("/ip4/8.8.8.8/tcp/1")));
        assertEquals(new KnownPeer(client, List.of(address("/ip4/8.8.8.8/tcp/1"))),
                ask(Message.findNode(client.toBytes())).closerPeers().getFirst());
        PeerId hidden = Peers.random(random);
        known.put(hidden, List.of(address("/ip4/192.168.1.1/tcp/1")));
        assertTrue(ask(Message.findNode(hidden.toBytes())).closerPeers().stream().noneMatch(peer -> peer.id().equals(hidden)));
    }

    @Test
    void keyThatIsNoPeerIdHasNeighboursToo() throws Exception {
        fill(5);
        assertEquals(5, ask(Message.findNode(new byte[] {1, 2, 3})).closerPeers().size());
    }

    @Test
    void valueIsServedBackOnceItIsFoundValid() throws Exception {
        PrivateKey owner = PrivateKey.generate();
        byte[] key = Names.key("/pk/", owner.peerId());
        byte[] value = owner.publicKey().toProtobuf();
        assertNull(ask(Message.of(MessageType.GET_VALUE, key)).record());
        Message put = new Message(MessageType.PUT_VALUE, key, new ValueRecord(key, value, ""), List.of(new KnownPeer(asker, List.of())), List.of());
        Message echo = ask(put);
        assertArrayEquals(value, echo.record().value());
        assertEquals(List.of(), echo.closerPeers(), "what nobody has looked at is not sent back");
        assertArrayEquals(value, ask(Message.of(MessageType.GET_VALUE, key)).record().value());
    }

    @Test
    void invalidValuesAreRefused() {
        PrivateKey owner = PrivateKey.generate();
        byte[] key = Names.key("/pk/", owner.peerId());
        byte[] other = Names.key("/pk/", asker);
        byte[] value = owner.publicKey().toProtobuf();
        assertThrows(MalformedException.class,
                () -> ask(new Message(MessageType.PUT_VALUE, key, new ValueRecord(other, value, ""), List.of(), List.of())));
        assertThrows(MalformedException.class,
                () -> ask(new Message(MessageType.PUT_VALUE, other, new ValueRecord(other, value, ""), List.of(), List.of())));
        assertThrows(MalformedException.class, () -> ask(Message.of(MessageType.PUT_VALUE, key)));
        assertEquals(0, values.size());
    }

    @Test
    void providerIsBelievedOnlyForItself() throws Exception {
        byte[] content = {0x12, 1, 7};
        KnownPeer honest = new KnownPeer(asker, List.of(address("/ip4/1.2.3.4/tcp/1"), address("/ip4/10.0.0.1/tcp/1")));
        KnownPeer other = new KnownPeer(Peers.random(random), honest.addresses());
        assertThrows(MalformedException.class,
                () -> ask(new Message(MessageType.ADD_PROVIDER, content, null, List.of(), List.of(other))));
        assertNull(ask(new Message(MessageType.ADD_PROVIDER, content, null, List.of(), List.of(other, honest))));
        assertEquals(List.of(new KnownPeer(asker, List.of(address("/ip4/1.2.3.4/tcp/1")))),
                ask(Message.of(MessageType.GET_PROVIDERS, content)).providerPeers());
    }

    @Test
    void answerWithManyProvidersHasABound() throws Exception {
        byte[] content = {0x12, 1, 7};
        List<Multiaddr> many = new java.util.ArrayList<>();
        for (int i = 0; i < Message.MAXIMUM_ADDRESSES; i++) {
            many.add(address("/dns4/" + "long".repeat(15) + "." + "name".repeat(15) + i + ".example.com/tcp/443"));
        }
        for (int i = 0; i < 500; i++) {
            PeerId provider = Peers.random(random);
            handler.answer(provider, new Message(MessageType.ADD_PROVIDER, content, null, List.of(), List.of(new KnownPeer(provider, many))));
        }
        Message answer = ask(Message.of(MessageType.GET_PROVIDERS, content));
        assertTrue(answer.providerPeers().size() > 10 && answer.providerPeers().size() < 500);
        assertTrue(answer.toBytes().length <= Message.MAXIMUM_OWN_ANSWER);
    }

    @Test
    void requestsWithoutAKeyOrWithALongOneAreRefused() {
        for (MessageType type : List.of(MessageType.FIND_NODE, MessageType.GET_VALUE, MessageType.PUT_VALUE, MessageType.GET_PROVIDERS,
                MessageType.ADD_PROVIDER)) {
            assertThrows(MalformedException.class, () -> ask(Message.of(type, new byte[0])));
        }
        assertThrows(MalformedException.class, () -> ask(Message.of(MessageType.GET_PROVIDERS, new byte[81])));
    }

    @Test
    void pingIsAnsweredWithNothingElse() throws Exception {
        Message ping = new Message(MessageType.PING, new byte[0], null, List.of(new KnownPeer(asker, List.of())), List.of());
        assertEquals(List.of(), ask(ping).closerPeers());
    }
}
