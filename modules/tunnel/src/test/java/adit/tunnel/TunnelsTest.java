package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.swarm.RelayPolicy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Setting up, listing, closing. */
@Timeout(60)
final class TunnelsTest {
    private TwoNodes nodes;

    @BeforeEach void open() throws Exception {
        nodes = new TwoNodes();
    }

    @AfterEach void close() {
        nodes.close();
    }

    @Test void aProtocolHasOneListener() throws Exception {
        Multiaddr target = Multiaddr.parse("/ip4/127.0.0.1/tcp/1");
        nodes.serving.listen("/x/a", target);
        assertEquals("listener already registered",
                assertThrows(IllegalStateException.class, () -> nodes.serving.listen("/x/a", target)).getMessage());
        nodes.serving.tunnels.close(tunnel -> true);
        nodes.serving.listen("/x/a", target);
    }

    @Test void aProtocolOfTheDaemonItselfIsRefused() throws Exception {
        Multiaddr target = Multiaddr.parse("/ip4/127.0.0.1/tcp/1");
        assertThrows(IllegalStateException.class,
                () -> nodes.serving.tunnels.listen("/ipfs/ping/1.0.0", target, false, true, true, Grants.ANYONE, Limits.NONE));
        assertEquals(List.of(), nodes.serving.tunnels.list());
    }

    @Test void argumentsAreLookedAtInKubosOrder() throws Exception {
        assertEquals("port can not be 0", assertThrows(IllegalArgumentException.class,
                () -> nodes.serving.listen("no", Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))).getMessage());
        assertEquals("protocol name must be within '/x/' namespace", assertThrows(IllegalArgumentException.class,
                () -> nodes.serving.listen("no", Multiaddr.parse("/ip4/127.0.0.1/tcp/1"))).getMessage());
    }

    @Test void theLogTellsTheWholeLifeOfAConnectionUnderItsId() throws Exception {
        try (LocalService service = new LocalService(TunnelsTest::echoOne);
                java.net.Socket client = TwoNodes.connect(nodes.tunnel("/x/life", service))) {
            client.getOutputStream().write('!');
            assertEquals('!', client.getInputStream().read());
        }
        nodes.awaitQuiet();
        for (Node node : List.of(nodes.using, nodes.serving)) {
            Conditions.await(() -> node.log.debugs.stream().anyMatch(line -> line.matches("stream 0: over after [0-9]+ ms, 1 bytes received, 1 sent")));
            List<String> life = node.log.debugs.stream().filter(line -> line.startsWith("stream 0: ")).toList();
            assertTrue(life.getFirst().contains(" ask"), life.toString());
            assertTrue(life.get(1).startsWith("stream 0: open, /x/life from "), life.toString());
        }
    }

    private static void echoOne(java.nio.channels.SocketChannel client) throws java.io.IOException {
        java.nio.ByteBuffer one = java.nio.ByteBuffer.allocate(1);
        client.read(one);
        client.write(one.flip());
        client.close();
    }

    @Test void theLogTellsWhyAConnectionFailedUnderItsId() throws Exception {
        nodes.serving.listen("/x/dead", Multiaddr.parse("/ip4/127.0.0.1/tcp/1"));
        try (java.net.Socket client = TwoNodes.connect(nodes.using.forward("/x/dead", nodes.serving))) {
            assertThrows(java.net.SocketException.class, () -> {
                client.getOutputStream().write('!');
                if (client.getInputStream().read() < 0) {
                    throw new java.net.SocketException("ended");
                }
            });
        }
        Conditions.await(() -> nodes.serving.log.debugs.stream().anyMatch(line -> line.startsWith("stream 0: failed: ") && line.contains("refused")));
    }

    @Test void aForwarderNeedsAPeerId() {
        assertThrows(IllegalArgumentException.class,
                () -> nodes.using.tunnels.forward("/x/a", Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), null, List.of(), false, Limits.NONE, RelayPolicy.UNTIL_DIRECT));
    }

    @Test void aForwarderIsSetUpWithoutItsPeer() throws Exception {
        PeerId nobody = PrivateKey.generate().peerId();
        Forwarder forwarder = nodes.using.tunnels.forward("/x/a", Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), nobody, List.of(), false, Limits.NONE, RelayPolicy.UNTIL_DIRECT);
        assertEquals("/p2p/" + nobody, forwarder.targetAddress());
        assertFalse(forwarder.listenAddress().endsWith("/tcp/0"));
    }

    @Test void forwardersAreListedBeforeListenersEachInTheirOrder() throws Exception {
        Multiaddr target = Multiaddr.parse("/ip4/127.0.0.1/tcp/1");
        Node node = nodes.using;
        Listener first = node.listen("/x/b", target);
        Forwarder second = node.forward("/x/d", nodes.serving);
        Listener third = node.listen("/x/a", target);
        Forwarder fourth = node.forward("/x/c", nodes.serving);
        assertEquals(List.of(second, fourth, first, third), node.tunnels.list());
        assertEquals("/p2p/" + node.swarm.self(), first.listenAddress());
        assertEquals(target.toString(), first.targetAddress());
        assertEquals(List.of(fourth, third), node.tunnels.close(tunnel -> tunnel == fourth || tunnel == third));
        assertEquals(List.of(second, first), node.tunnels.list());
    }

    @Test void closingATunnelFreesItsPortAndLeavesItsStreamsAlone() throws Exception {
        try (LocalService service = LocalService.echo()) {
            Forwarder forwarder = nodes.tunnel("/x/echo", service);
            try (Socket client = TwoNodes.connect(forwarder)) {
                PressureTest.roundTrip(client);
                assertEquals(1, nodes.using.tunnels.close(tunnel -> true).size());
                assertEquals(1, nodes.serving.tunnels.close(tunnel -> true).size());
                assertThrows(ConnectException.class, () -> TwoNodes.connect(forwarder));
                try (ServerSocketChannel again = ServerSocketChannel.open()) {
                    again.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), TwoNodes.port(forwarder)));
                }
                PressureTest.roundTrip(client);
                assertEquals(1, nodes.using.tunnels.streams().size());
                assertEquals(1, nodes.using.tunnels.closeStreams());
                assertThrows(SocketException.class, () -> client.getInputStream().read());
            }
            nodes.awaitQuiet();
        }
    }

    @Test void aClosedListenerIsUnknownToItsPeers() throws Exception {
        try (LocalService service = LocalService.echo()) {
            Forwarder forwarder = nodes.tunnel("/x/echo", service);
            nodes.serving.tunnels.close(tunnel -> true);
            try (Socket client = TwoNodes.connect(forwarder)) {
                assertThrows(SocketException.class, () -> client.getInputStream().read());
            }
        }
    }

    @Test void awaitClosedReturnsWhenTheTunnelIsClosed() throws Exception {
        Forwarder forwarder = nodes.using.forward("/x/a", nodes.serving);
        Listener listener = nodes.using.listen("/x/b", Multiaddr.parse("/ip4/127.0.0.1/tcp/1"));
        CountDownLatch ended = new CountDownLatch(2);
        for (Tunnel tunnel : List.of(forwarder, listener)) {
            Thread.ofVirtual().start(() -> {
                try {
                    nodes.using.tunnels.awaitClosed(tunnel);
                    ended.countDown();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        assertEquals(2, ended.getCount());
        nodes.using.tunnels.close(tunnel -> true);
        ended.await();
    }

    @Test void idsCountTheConnectionsFromTheirFirstMoment() throws Exception {
        try (LocalService service = LocalService.echo()) {
            Forwarder forwarder = nodes.tunnel("/x/echo", service);
            nodes.serving.listen("/x/dead", Multiaddr.parse("/unix/nowhere/s"));
            try (Socket dead = TwoNodes.connect(nodes.using.forward("/x/dead", nodes.serving))) {
                assertThrows(SocketException.class, () -> dead.getInputStream().read());
            }
            try (Socket first = TwoNodes.connect(forwarder)) {
                PressureTest.roundTrip(first);
            }
            nodes.awaitQuiet();
            try (Socket second = TwoNodes.connect(forwarder)) {
                PressureTest.roundTrip(second);
                LiveStream stream = nodes.serving.tunnels.streams().getFirst();
                assertEquals(2, stream.id(), "the one that did not reach its target had an id, too");
                assertEquals("/p2p/" + nodes.using.swarm.self(), stream.originAddress());
                assertEquals(service.address().toString(), stream.targetAddress());
                LiveStream other = nodes.using.tunnels.streams().getFirst();
                assertEquals("/ip4/127.0.0.1/tcp/" + second.getLocalPort(), other.originAddress());
                assertEquals("/p2p/" + nodes.serving.swarm.self(), other.targetAddress());
                assertEquals("/x/echo", other.protocol());
                Conditions.await(() -> nodes.using.tunnels.streams().getFirst().sent() == 1);
                Conditions.await(() -> nodes.using.tunnels.streams().getFirst().received() == 1);
            }
        }
    }

    @Test void thePeersOfForwardersAreKeptAndLetGo() throws Exception {
        PeerId peer = nodes.serving.swarm.self();
        Forwarder first = nodes.using.forward("/x/a", nodes.serving);
        nodes.using.forward("/x/b", nodes.serving);
        Conditions.await(() -> nodes.using.swarm.isConnected(peer));
        assertEquals(List.of(peer), nodes.using.swarm.peered());
        nodes.using.tunnels.close(tunnel -> tunnel == first);
        assertEquals(List.of(nodes.serving.address), nodes.using.swarm.addressBook().addresses(peer));
        nodes.using.tunnels.close(tunnel -> true);
        assertEquals(List.of(), nodes.using.swarm.peered());
        assertEquals(List.of(), nodes.using.swarm.addressBook().addresses(peer));
    }

    @Test void shutdownLetsStreamsEndByThemselves() throws Exception {
        try (LocalService service = LocalService.counting()) {
            Forwarder forwarder = nodes.tunnel("/x/count", service);
            try (Socket client = TwoNodes.connect(forwarder)) {
                client.getOutputStream().write(new byte[10]);
                Conditions.await(() -> nodes.serving.tunnels.streams().size() == 1 && nodes.using.tunnels.streams().size() == 1);
                CountDownLatch closed = new CountDownLatch(2);
                for (Node node : List.of(nodes.using, nodes.serving)) {
                    Thread.ofVirtual().start(() -> {
                        node.tunnels.close();
                        closed.countDown();
                    });
                }
                Conditions.await(() -> nodes.using.tunnels.list().isEmpty() && nodes.serving.tunnels.list().isEmpty());
                client.getOutputStream().write(new byte[10]);
                client.shutdownOutput();
                assertEquals("20\n", new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
                closed.await();
            }
            assertNull(service.outcomes.take().failure());
        }
    }

    @Test void shutdownAbortsWhatDoesNotEndInTime() throws Exception {
        try (Node own = new Node("adit/test", Node.drainingWithin(Duration.ofMillis(50)), 4); LocalService service = LocalService.echo()) {
            nodes.serving.listen("/x/echo", service.address());
            try (Socket client = TwoNodes.connect(own.forward("/x/echo", nodes.serving))) {
                PressureTest.roundTrip(client);
                own.tunnels.close();
                assertThrows(SocketException.class, () -> client.getInputStream().read());
                assertThrows(IllegalStateException.class, () -> own.listen("/x/late", service.address()));
                assertThrows(IllegalStateException.class, () -> own.forward("/x/late", nodes.serving));
            }
        }
    }

    @Test void shutdownGivesUpDialsAtOnce() throws Exception {
        try (Node own = new Node("adit/test", Node.drainingWithin(Duration.ofSeconds(50)), 4); FullQueue silent = new FullQueue()) {
            Forwarder forwarder = own.tunnels.forward("/x/a", Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), PrivateKey.generate().peerId(),
                    List.of(Multiaddr.ofTcp(silent.address())), false, Limits.NONE, RelayPolicy.UNTIL_DIRECT);
            try (Socket client = TwoNodes.connect(forwarder)) {
                Conditions.await(() -> forwarder.counters().opened.sum() == 1);
                own.tunnels.close();
                assertThrows(SocketException.class, () -> client.getInputStream().read());
            }
        }
    }

    @Test void anOpenChannelCanBeConnected() throws Exception {
        try (LocalService service = LocalService.echo(); ServerSocketChannel pair = ServerSocketChannel.open()) {
            nodes.tunnel("/x/echo", service);
            pair.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel user = SocketChannel.open(pair.getLocalAddress());
            SocketChannel daemon = pair.accept();
            CountDownLatch opened = new CountDownLatch(1);
            CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> {
                try {
                    byte[] early = "early ".getBytes(StandardCharsets.US_ASCII);
                    nodes.using.tunnels.connect("/x/echo", nodes.serving.swarm.self(), false, RelayPolicy.UNTIL_DIRECT, daemon, early, opened::countDown);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            opened.await();
            Channels.newOutputStream(user).write("late".getBytes(StandardCharsets.US_ASCII));
            user.shutdownOutput();
            assertEquals("early late", new String(Channels.newInputStream(user).readAllBytes(), StandardCharsets.US_ASCII));
            ended.get();
            assertFalse(daemon.isOpen());
            user.close();
        }
    }

    @Test void aChannelThatCannotBeConnectedIsLeftToItsOwner() throws Exception {
        try (ServerSocketChannel pair = ServerSocketChannel.open()) {
            pair.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel user = SocketChannel.open(pair.getLocalAddress());
            SocketChannel daemon = pair.accept();
            nodes.using.swarm.addressBook().add(nodes.serving.swarm.self(), List.of(nodes.serving.address), Duration.ofHours(1));
            assertThrows(IOException.class,
                    () -> nodes.using.tunnels.connect("/x/none", nodes.serving.swarm.self(), false, RelayPolicy.UNTIL_DIRECT, daemon, new byte[0], () -> {}));
            assertTrue(daemon.isOpen());
            daemon.close();
            user.close();
        }
    }
}
