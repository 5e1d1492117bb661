package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import adit.multiformats.Multiaddr;
import adit.swarm.RelayPolicy;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From a client to the service, and what each side hears when the way is blocked. */
@Timeout(60)
final class ReachTest {
    private TwoNodes nodes;

    @BeforeEach void open() throws Exception {
        nodes = new TwoNodes();
    }

    @AfterEach void close() {
        nodes.close();
    }

    @Test void aDeadTargetIsAResetForTheClientAndAWarningForTheOperator() throws Exception {
        InetSocketAddress dead = deadAddress();
        Listener listener = nodes.serving.listen("/x/dead", Multiaddr.ofTcp(dead));
        Forwarder forwarder = nodes.using.forward("/x/dead", nodes.serving);
        try (Socket client = TwoNodes.connect(forwarder)) {
            assertThrows(SocketException.class, () -> client.getInputStream().read());
        }
        String warning = nodes.serving.log.awaitWarning("connection refused");
        assertEquals("listener /x/dead, peer " + nodes.using.swarm.self() + ": target " + Multiaddr.ofTcp(dead)
                + ": dial tcp4 127.0.0.1:" + dead.getPort() + ": connect: connection refused", warning);
        assertTrue(listener.lastError().endsWith("connection refused"), listener.lastError());
        assertEquals(1, listener.counters().failed.sum());
        assertEquals(1, listener.counters().opened.sum());
    }

    @Test void theSameForwarderWorksOnceTheTargetIsThere() throws Exception {
        InetSocketAddress address = deadAddress();
        nodes.serving.listen("/x/late", Multiaddr.ofTcp(address));
        Forwarder forwarder = nodes.using.forward("/x/late", nodes.serving);
        try (Socket client = TwoNodes.connect(forwarder)) {
            assertThrows(SocketException.class, () -> client.getInputStream().read());
        }
        try (LocalService service = new LocalService(address, client -> client.write(ByteBuffer.wrap(new byte[] {7})));
                Socket client = TwoNodes.connect(forwarder)) {
            assertEquals(7, client.getInputStream().read());
            assertEquals(-1, client.getInputStream().read());
            assertNull(service.outcomes.take().failure());
        }
        nodes.awaitQuiet();
    }

    @Test void aTargetThatDoesNotAnswerIsAResetWithinItsTimeLimit() throws Exception {
        TunnelSettings hasty = new TunnelSettings(
                Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5), 10);
        try (TwoNodes own = new TwoNodes(hasty, Node.QUICK); FullQueue silent = new FullQueue()) {
            own.serving.listen("/x/silent", Multiaddr.ofTcp(silent.address()));
            try (Socket client = TwoNodes.connect(own.using.forward("/x/silent", own.serving))) {
                assertThrows(SocketException.class, () -> client.getInputStream().read());
            }
            own.serving.log.awaitWarning("no answer within 100 ms");
        }
    }

    @Test void aProtocolThatThePeerDoesNotServeIsAResetAndAWarning() throws Exception {
        Forwarder forwarder = nodes.using.forward("/x/none", nodes.serving);
        try (Socket client = TwoNodes.connect(forwarder)) {
            assertThrows(SocketException.class, () -> client.getInputStream().read());
        }
        String warning = nodes.using.log.awaitWarning("no stream to peer " + nodes.serving.swarm.self());
        assertTrue(warning.startsWith("forwarder /x/none on /ip4/127.0.0.1/tcp/"), warning);
        assertTrue(warning.contains("/x/none"), warning);
        Conditions.await(() -> !forwarder.lastError().isEmpty());
    }

    @Test void aPeerThatCannotBeReachedIsAResetAndAWarning() throws Exception {
        PeerId nobody = PrivateKey.generate().peerId();
        Forwarder forwarder = nodes.using.tunnels.forward("/x/a", Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), nobody,
                List.of(Multiaddr.ofTcp(deadAddress())), false, Limits.NONE, RelayPolicy.UNTIL_DIRECT);
        try (Socket client = TwoNodes.connect(forwarder)) {
            assertThrows(SocketException.class, () -> client.getInputStream().read());
        }
        nodes.using.log.awaitWarning("no stream to peer " + nobody);
        Conditions.await(() -> forwarder.counters().failed.sum() == 1);
    }

    @Test void aClientThatResetsEndsItsDialAtOnce() throws Exception {
        try (FullQueue silent = new FullQueue()) {
            Forwarder forwarder = unreachable(nodes.using, silent);
            try (Socket client = TwoNodes.connect(forwarder)) {
                client.getOutputStream().write(1);
                client.setSoLinger(true, 0);
            }
            Conditions.await(() -> forwarder.counters().failed.sum() == 1);
            assertTrue(forwarder.lastError().contains("the client gave up"), forwarder.lastError());
            assertEquals(List.of(), nodes.using.log.warnings);
        }
    }

    @Test void aClientThatClosesWithoutAWordEndsItsDialSoon() throws Exception {
        TunnelSettings impatient = new TunnelSettings(
                Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(100), Duration.ofSeconds(5), 10);
        try (Node own = new Node("adit/test", impatient, 0); FullQueue silent = new FullQueue()) {
            Forwarder forwarder = unreachable(own, silent);
            TwoNodes.connect(forwarder).close();
            Conditions.await(() -> forwarder.counters().failed.sum() == 1);
            assertTrue(forwarder.lastError().contains("the client gave up"), forwarder.lastError());
        }
    }

    @Test void whatAClientSaysBeforeTheStreamIsOpenArrivesFirst() throws Exception {
        try (LocalService service = LocalService.echo()) {
            Forwarder forwarder = nodes.tunnel("/x/echo", service);
            byte[] words = "first words, ".repeat(1000).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 10; i++) {
                nodes.using.swarm.disconnect(nodes.serving.swarm.self(), "again");
                try (Socket client = TwoNodes.connect(forwarder)) {
                    for (int part = 0; part < words.length; part += 1300) {
                        client.getOutputStream().write(words, part, 1300);
                    }
                    client.shutdownOutput();
                    assertArrayEquals(words, client.getInputStream().readAllBytes());
                }
            }
        }
    }

    @Test void theServiceIsToldWhoCalls() throws Exception {
        try (LocalService service = LocalService.echo()) {
            nodes.serving.tunnels.listen("/x/who", service.address(), true, false, true, Grants.ANYONE, Limits.NONE);
            try (Socket client = TwoNodes.connect(nodes.using.forward("/x/who", nodes.serving))) {
                client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
                client.shutdownOutput();
                String heard = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertEquals(nodes.using.swarm.self() + "\nhello", heard);
            }
        }
    }

    @Test void bothEndsMayBeUnixSockets() throws Exception {
        Path directory = Files.createTempDirectory("adit");
        Path inner = directory.resolve("service");
        Path outer = directory.resolve("client");
        byte[] request = new byte[1_000_000];
        try (LocalService service = new LocalService(UnixDomainSocketAddress.of(inner), LocalService::count)) {
            nodes.serving.listen("/x/unix", Multiaddr.parse("/unix" + inner));
            nodes.using.tunnels.forward("/x/unix", Multiaddr.parse("/unix" + outer), nodes.serving.swarm.self(),
                    List.of(nodes.serving.address), false, Limits.NONE, RelayPolicy.UNTIL_DIRECT);
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(outer))) {
                Channels.newOutputStream(client).write(request);
                client.shutdownOutput();
                assertEquals("1000000\n", new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.US_ASCII));
            }
            assertNull(service.outcomes.take().failure());
            nodes.awaitQuiet();
            Conditions.await(() -> nodes.using.pool.lent() == 0 && nodes.serving.pool.lent() == 0);
        }
        assertEquals(1, nodes.using.tunnels.close(tunnel -> true).size());
        Files.delete(inner);
        Files.delete(directory);
    }

    private static Forwarder unreachable(Node node, FullQueue silent) throws Exception {
        return node.tunnels.forward("/x/a", Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), PrivateKey.generate().peerId(),
                List.of(Multiaddr.ofTcp(silent.address())), false, Limits.NONE, RelayPolicy.UNTIL_DIRECT);
    }

    private static InetSocketAddress deadAddress() throws Exception {
        try (LocalService closed = LocalService.echo()) {
            return closed.socketAddress();
        }
    }
}
