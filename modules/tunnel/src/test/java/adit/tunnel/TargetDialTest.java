package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.Multiaddr;
import adit.transport.Deadlines;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class TargetDialTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Deadlines deadlines = new Deadlines();

    @AfterEach void close() {
        deadlines.close();
    }

    @Test void aRefusalIsToldAsGoTellsIt() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        TargetDial dial = dial("/ip4/127.0.0.1/tcp/" + port);
        ConnectException failure = assertThrows(ConnectException.class, () -> dial.connect(deadlines, LONG, () -> {}));
        assertEquals("dial tcp4 127.0.0.1:" + port + ": connect: connection refused", failure.getMessage());
    }

    @Test void aTargetThatDoesNotAnswerIsGivenUpInTime() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        try (FullQueue silent = new FullQueue()) {
            TargetDial dial = dial(Multiaddr.ofTcp(silent.address()).toString());
            IOException failure = assertThrows(InterruptedIOException.class,
                    () -> dial.connect(deadlines, Duration.ofMillis(50), told::countDown));
            assertTrue(failure.getMessage().endsWith("no answer within 50 ms"), failure.getMessage());
        }
        told.await();
    }

    @Test void aDialThatIsCancelledEndsWithTheReasonGiven() throws Exception {
        try (FullQueue silent = new FullQueue()) {
            TargetDial dial = dial(Multiaddr.ofTcp(silent.address()).toString());
            IOException reason = new IOException("not wanted any more");
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    dial.connect(deadlines, LONG, () -> {}).close();
                } catch (Throwable e) {
                    end.complete(e);
                }
            });
            dial.cancel(reason);
            assertSame(reason, end.get());
        }
    }

    @Test void aDialCancelledBeforehandDoesNotConnect() throws Exception {
        try (LocalService service = LocalService.echo()) {
            TargetDial dial = dial(service.address().toString());
            dial.cancel(new IOException("too late"));
            assertEquals("too late", assertThrows(IOException.class, () -> dial.connect(deadlines, LONG, () -> {})).getMessage());
        }
    }

    @Test void theSecondAddressOfANameIsTriedAfterTheFirst() throws Exception {
        try (LocalService service = LocalService.echo()) {
            Endpoint.Tcp four = new Endpoint.Tcp("tcp", "localhost", true, service.socketAddress().getPort());
            try (SocketChannel channel = new TargetDial(service.address(), four).connect(deadlines, LONG, () -> {})) {
                assertEquals(service.socketAddress().getPort(), ((InetSocketAddress) channel.getRemoteAddress()).getPort());
            }
        }
    }

    @Test void aUnixSocketWithAFullQueueIsWaitedFor() throws Exception {
        Path path = Files.createTempDirectory("adit").resolve("s");
        List<SocketChannel> queued = new ArrayList<>();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path), 1);
            for (int i = 0; i < 2; i++) {
                queued.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            }
            CompletableFuture<SocketChannel> connected = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    connected.complete(dial("/unix" + path).connect(deadlines, LONG, () -> {}));
                } catch (Throwable e) {
                    connected.completeExceptionally(e);
                }
            });
            for (int i = 0; i < 3; i++) {
                server.accept().close();
            }
            connected.get().close();
        }
        for (SocketChannel channel : queued) {
            channel.close();
        }
        Files.delete(path);
        Files.delete(path.getParent());
    }

    @Test void aMissingUnixSocketIsAnErrorAtOnce() {
        IOException failure = assertThrows(IOException.class, () -> dial("/unix/nowhere/s").connect(deadlines, LONG, () -> {}));
        assertEquals("dial unix /nowhere/s: connect: no such file or directory", failure.getMessage());
    }

    private static TargetDial dial(String address) throws IOException {
        try {
            Multiaddr target = Multiaddr.parse(address);
            return new TargetDial(target, Endpoint.ofTarget(target));
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
