package adit.dht;

import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;

class RequestHandlerFuzzTest {
    private static final int K = 20;
    private static final int MAXIMUM_VALUES = 16;
    private final Random random = new Random(22);
    private final PeerId asker = Peers.random(random);
    private final RoutingTable table = new RoutingTable(Key.of(Peers.random(random)), K, 0, 0);
    private final ValueStore values = new ValueStore(MAXIMUM_VALUES, 100_000, Instant::now);
    private final ProviderStore providers = new ProviderStore(64, 32, 16, () -> 0);

    @Timeout(600)
    @FuzzTest(maxDuration = "60s")
    void anyRequestIsAnsweredWithinTheBoundsOrRefused(byte[] bytes) throws Exception {
        if (table.size() == 0) {
            Multiaddr at = Multiaddr.parse("/ip4/1.2.3.4/tcp/1");
            for (int i = 0; i < 2 * K; i++) {
                table.offer(new KnownPeer(Peers.random(random), List.of(at)), at, 0);
            }
        }
        RequestHandler handler = new RequestHandler(table, K, Realm.PUBLIC, values, providers, peer -> List.of());
        try {
            Message answer = handler.answer(asker, Message.parse(bytes));
            if (answer != null) {
                byte[] written = answer.toBytes();
                assertTrue(written.length <= Message.MAXIMUM_OWN_ANSWER);
                assertTrue(answer.closerPeers().size() <= K + 1);
                Message.parse(written);
            }
        } catch (MalformedException refused) {
            // as it must be
        }
    }
}
