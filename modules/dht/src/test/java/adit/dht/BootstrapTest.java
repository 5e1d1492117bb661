package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BootstrapTest {
    private final List<AutoCloseable> open = new ArrayList<>();
    private final LoopbackNode self = open(new LoopbackNode());

    BootstrapTest() throws IOException {}

    @AfterEach void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T open(T resource) {
        open.add(resource);
        return resource;
    }

    private Bootstrap bootstrap(int enough) {
        BootstrapSettings settings = new BootstrapSettings(enough, Duration.ofMillis(50), Duration.ofMillis(100));
        Bootstrap bootstrap = open(new Bootstrap(self.swarm, settings, self.loops, self.log));
        bootstrap.start();
        return bootstrap;
    }

    /** Nobody listens there. */
    private static KnownPeer dead() throws IOException {
        try (LoopbackNode gone = new LoopbackNode()) {
            return gone.known();
        }
    }

    private long connected() {
        return self.swarm.connections().size();
    }

    @Test void nodesAreDialledAsSoonAsTheyAreKnown() throws Exception {
        LoopbackNode node = open(new LoopbackNode());
        Bootstrap bootstrap = bootstrap(4);
        bootstrap.use(List.of(node.known()));
        LoopbackNode.await(() -> self.isConnected(node));
        assertEquals(List.of(), self.log.warnings);
    }

    @Test void lostNodeIsDialledAgain() throws Exception {
        LoopbackNode node = open(new LoopbackNode());
        bootstrap(4).use(List.of(node.known()));
        for (int i = 0; i < 3; i++) {
            LoopbackNode.await(() -> self.isConnected(node));
            node.swarm.disconnect(self.swarm.self(), "the test says so");
            LoopbackNode.await(() -> !self.isConnected(node) || connected() > 0);
        }
    }

    @Test void noMoreThanEnoughAreDialled() throws Exception {
        List<KnownPeer> nodes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            nodes.add(open(new LoopbackNode()).known());
        }
        Bootstrap bootstrap = bootstrap(2);
        bootstrap.use(nodes);
        LoopbackNode.await(() -> connected() == 2);
        bootstrap.use(nodes.reversed());
        LoopbackNode.await(() -> connected() == 2);
        assertEquals(2, connected());
    }

    @Test void deadNodesAreNamedOnceAndTheOthersUsed() throws Exception {
        LoopbackNode node = open(new LoopbackNode());
        List<KnownPeer> all = List.of(dead(), node.known(), dead(), new KnownPeer(node.swarm.self(), List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/1"))));
        Bootstrap bootstrap = bootstrap(4);
        bootstrap.use(all);
        LoopbackNode.await(() -> self.isConnected(node) && !self.log.warnings.isEmpty());
        awaitRounds(bootstrap, all);
        assertEquals(new Bootstrap.Status(3, 2), bootstrap.status());
        assertEquals(1, self.log.warnings.size(), self.log.warnings.toString());
        String line = self.log.warnings.getFirst();
        assertTrue(line.startsWith("2 of 3 bootstrap nodes cannot be reached, going on with the others: cannot reach "), line);
    }

    @Test void allDeadIsToldOnce() throws Exception {
        KnownPeer gone = dead();
        Bootstrap bootstrap = bootstrap(4);
        bootstrap.use(List.of(gone));
        LoopbackNode.await(() -> !self.log.warnings.isEmpty());
        awaitRounds(bootstrap, List.of(gone));
        assertEquals(1, self.log.warnings.size());
        assertTrue(self.log.warnings.getFirst().startsWith("1 of 1 bootstrap nodes cannot be reached; it is tried again and again: "),
                self.log.warnings.getFirst());
    }

    /** Two further rounds: each dial of a dead peer leaves a line. */
    private void awaitRounds(Bootstrap bootstrap, List<KnownPeer> nodes) throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            int lines = self.log.details.size();
            bootstrap.use(nodes);
            LoopbackNode.await(() -> self.log.details.size() > lines);
        }
    }

    @Test void rememberedPeersMakeBootstrapNodesUnnecessary() throws Exception {
        LoopbackNode old = open(new LoopbackNode());
        Bootstrap bootstrap = bootstrap(4);
        bootstrap.remember(List.of(dead(), old.known()));
        LoopbackNode.await(() -> self.isConnected(old));
        assertEquals(List.of(), self.log.warnings, "one that has moved is no news");
    }

    @Test void thisNodeItselfIsNotDialled() throws Exception {
        LoopbackNode node = open(new LoopbackNode());
        bootstrap(4).use(List.of(self.known(), node.known()));
        LoopbackNode.await(() -> self.isConnected(node));
        assertEquals(List.of(), self.log.warnings);
    }

    @Test void closingEndsADialUnderWay() throws Exception {
        Bootstrap bootstrap = bootstrap(4);
        KnownPeer nowhere = new KnownPeer(PrivateKey.generate().peerId(), List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/1")));
        bootstrap.use(List.of(nowhere));
        bootstrap.close();
        bootstrap.close();
    }

    @Test void builtInNodesCanBeDialled() throws Exception {
        for (String text : Bootstrap.AUTO) {
            Multiaddr address = Multiaddr.parse(text);
            assertTrue(address.withoutTrailingPeerId().isPresent() && address.lastPeerId().isPresent(), text);
        }
    }
}
