package adit.dht;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class StoresTest {
    private final Random random = new Random(5);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long nanoTime;
    private final ValueStore values = new ValueStore(3, 100_000, () -> now);
    private final ProviderStore providers = new ProviderStore(3, 2, 2, () -> nanoTime);

    private static KnownPeer provider(PeerId id) throws Exception {
        return new KnownPeer(id, List.of(Multiaddr.parse("/ip4/10.0.0.1/tcp/1")));
    }

    @Test
    void validValueIsServedWithTheTimeItCame() throws Exception {
        PrivateKey owner = PrivateKey.generate();
        byte[] key = Names.key("/pk/", owner.peerId());
        values.put(key, owner.publicKey().toProtobuf());
        ValueRecord record = values.get(key).orElseThrow();
        assertArrayEquals(owner.publicKey().toProtobuf(), record.value());
        assertEquals("2026-01-01T00:00:00Z", record.timeReceived());
        now = now.plus(ValueStore.LIFE).plusSeconds(1);
        assertTrue(values.get(key).isEmpty());
        assertEquals(0, values.bytes());
    }

    @Test
    void olderRecordDoesNotReplaceANewerOne() throws Exception {
        PrivateKey owner = PrivateKey.generate();
        byte[] key = Names.key("/ipns/", owner.peerId());
        byte[] fresh = new IpnsDraft(owner).sequence(2).expires(now.plusSeconds(60)).toBytes();
        values.put(key, new IpnsDraft(owner).sequence(1).expires(now.plusSeconds(60)).toBytes());
        values.put(key, fresh);
        values.put(key, fresh);
        assertThrows(MalformedException.class, () -> values.put(key, new IpnsDraft(owner).sequence(1).expires(now.plusSeconds(60)).toBytes()));
        assertArrayEquals(fresh, values.get(key).orElseThrow().value());
        assertEquals(1, values.size());
    }

    @Test
    void oldestValueGoesWhenTheRoomIsUsedUp() throws Exception {
        List<PrivateKey> owners = List.of(PrivateKey.generate(), PrivateKey.generate(), PrivateKey.generate(), PrivateKey.generate());
        for (PrivateKey owner : owners) {
            values.put(Names.key("/pk/", owner.peerId()), owner.publicKey().toProtobuf());
        }
        assertEquals(3, values.size());
        assertTrue(values.get(Names.key("/pk/", owners.getFirst().peerId())).isEmpty());
        ValueStore narrow = new ValueStore(100, 2 * values.bytes() / 3, () -> now);
        for (PrivateKey owner : owners) {
            narrow.put(Names.key("/pk/", owner.peerId()), owner.publicKey().toProtobuf());
        }
        assertEquals(2, narrow.size());
    }

    @Test
    void providersOfAContentAreTheLatestThatTold() throws Exception {
        byte[] content = {1};
        PeerId first = Peers.random(random);
        PeerId second = Peers.random(random);
        PeerId third = Peers.random(random);
        for (PeerId peer : List.of(first, second, first, third)) {
            assertTrue(providers.add(content, provider(peer)));
        }
        assertEquals(List.of(provider(third), provider(first)), providers.get(content));
    }

    @Test
    void addressesOfAProviderEndBeforeItDoes() throws Exception {
        byte[] content = {1};
        PeerId peer = Peers.random(random);
        providers.add(content, provider(peer));
        nanoTime += ProviderStore.ADDRESS_LIFE.plus(Duration.ofSeconds(1)).toNanos();
        assertEquals(List.of(new KnownPeer(peer, List.of())), providers.get(content));
        nanoTime += ProviderStore.LIFE.toNanos();
        providers.dropExpired();
        assertEquals(0, providers.size());
        assertEquals(List.of(), providers.get(content));
    }

    @Test
    void onePeerProvidesNoMoreThanItsShare() throws Exception {
        PeerId greedy = Peers.random(random);
        assertTrue(providers.add(new byte[] {1}, provider(greedy)));
        assertTrue(providers.add(new byte[] {2}, provider(greedy)));
        assertFalse(providers.add(new byte[] {3}, provider(greedy)));
        assertTrue(providers.add(new byte[] {2}, provider(greedy)));
        nanoTime += ProviderStore.LIFE.plus(Duration.ofSeconds(1)).toNanos();
        providers.dropExpired();
        assertTrue(providers.add(new byte[] {3}, provider(greedy)));
    }

    @Test
    void contentToldLongestAgoGoesWhenTheRoomIsUsedUp() throws Exception {
        PeerId peer = Peers.random(random);
        providers.add(new byte[] {1}, provider(peer));
        for (byte i = 2; i <= 4; i++) {
            providers.add(new byte[] {i}, provider(Peers.random(random)));
        }
        assertEquals(3, providers.size());
        assertEquals(List.of(), providers.get(new byte[] {1}));
        assertTrue(providers.add(new byte[] {5}, provider(peer)) && providers.add(new byte[] {6}, provider(peer)));
    }

    @Test
    void requestsBeyondTheBurstWaitTheirTurn() {
        RequestRates rates = new RequestRates(10, 5, 2, () -> nanoTime);
        PeerId peer = Peers.random(random);
        for (int i = 0; i < 5; i++) {
            assertEquals(0, rates.take(peer));
        }
        assertEquals(Duration.ofMillis(100).toNanos(), rates.take(peer));
        assertEquals(Duration.ofMillis(200).toNanos(), rates.take(peer));
        assertEquals(0, rates.take(Peers.random(random)));
        nanoTime += Duration.ofMillis(300).toNanos();
        assertEquals(0, rates.take(peer));
    }
}
