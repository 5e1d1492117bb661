package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What does not need a network; test-net/cases/42-mdns.sh has one. */
@Timeout(60)
class MdnsTest {
    /** No packet leaves this machine for it. */
    private static final String NOWHERE = "/ip4/255.255.255.255/tcp/1";

    private final LoopbackNode self = new LoopbackNode();
    private final Mdns mdns = new Mdns(self.swarm, List::of, self.loops, self.deadlines, self.log);

    MdnsTest() throws IOException {}

    @AfterEach void close() {
        mdns.close();
        self.close();
    }

    private static DnsMessage answerOf(PeerId peer, String address) throws IOException {
        return new MdnsMessages(peer, "x".repeat(32)).answer(MdnsMessages.query(), List.of(Multiaddr.parse(address))).orElseThrow();
    }

    @Test void inventedPeersAreNotDialledWithoutEnd() throws Exception {
        for (int i = 0; i < 1000; i++) {
            mdns.heard(answerOf(PrivateKey.generate().peerId(), NOWHERE));
        }
        LoopbackNode.await(() -> !self.swarm.addressBook().all().isEmpty());
        int known = self.swarm.addressBook().all().size();
        assertTrue(known <= Mdns.MAXIMUM_DIALS_PER_MINUTE, known + " peers");
    }

    @Test void peerThatFailedIsLeftAloneForAWhile() throws Exception {
        PeerId peer = PrivateKey.generate().peerId();
        DnsMessage answer = answerOf(peer, NOWHERE);
        mdns.heard(answer);
        LoopbackNode.await(() -> self.log.details.stream().anyMatch(line -> line.startsWith("found in the local network")));
        mdns.heard(answer);
        mdns.heard(answer);
        assertEquals(1, self.log.details.stream().filter(line -> line.startsWith("found in the local network")).count());
    }

    @Test void goodbyeMakesItForgetWhatNeighboursToldAndNothingElse() throws Exception {
        PeerId peer = PrivateKey.generate().peerId();
        Multiaddr ours = Multiaddr.parse("/ip4/192.0.2.7/tcp/1");
        self.swarm.addressBook().add(peer, List.of(ours), Duration.ofMinutes(1));
        mdns.heard(answerOf(peer, NOWHERE));
        LoopbackNode.await(() -> self.swarm.addressBook().addresses(peer).size() == 2);
        mdns.heard(new MdnsMessages(peer, "x".repeat(32)).goodbye(List.of(Multiaddr.parse(NOWHERE))).orElseThrow());
        assertEquals(List.of(ours), self.swarm.addressBook().addresses(peer));
    }

    @Test void closedServiceDialsNobody() throws Exception {
        mdns.close();
        mdns.heard(answerOf(PrivateKey.generate().peerId(), NOWHERE));
        assertEquals(0, self.swarm.addressBook().all().size());
    }

    @Test void manyQuestionsGetOneAnswerASecond() throws Exception {
        BlockingQueue<Long> sent = new LinkedBlockingQueue<>();
        MdnsAnswers answers = new MdnsAnswers(self.deadlines, self.loops, answer -> sent.add(System.nanoTime()));
        long start = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            answers.send(new byte[0]);
        }
        long first = sent.take();
        assertTrue(first - start >= 20_000_000, "after a moment");
        for (int i = 0; i < 1000; i++) {
            answers.send(new byte[0]);
        }
        assertTrue(sent.take() - first >= 990_000_000, "and not again within a second");
        assertEquals(0, sent.size());
    }
}
