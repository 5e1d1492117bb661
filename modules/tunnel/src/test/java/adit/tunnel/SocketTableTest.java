package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class SocketTableTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aHalfClosedSocketIsToldFromAClosedOne(String host) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            Socket client = new Socket(host, server.getLocalPort());
            Socket accepted = server.accept();
            InetSocketAddress there = (InetSocketAddress) accepted.getRemoteSocketAddress();
            InetSocketAddress here = (InetSocketAddress) accepted.getLocalSocketAddress();
            assertFalse(SocketTable.isOrphan(there, here));
            client.shutdownOutput();
            accepted.getInputStream().read();
            assertFalse(SocketTable.isOrphan(there, here));
            client.close();
            Conditions.await(() -> SocketTable.isOrphan(there, here));
            accepted.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void whatTheOtherSideHasNotTakenIsUnsent(String host) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(host, 0));
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel accepted = server.accept()) {
            InetSocketAddress here = (InetSocketAddress) accepted.getLocalAddress();
            InetSocketAddress there = (InetSocketAddress) accepted.getRemoteAddress();
            assertFalse(SocketTable.hasUnsent(here, there));
            accepted.configureBlocking(false);
            while (accepted.write(ByteBuffer.allocate(1 << 20)) > 0) {
                continue;
            }
            assertTrue(SocketTable.hasUnsent(here, there));
            Thread reader = Thread.startVirtualThread(() -> drain(client));
            Conditions.await(() -> !SocketTable.hasUnsent(here, there));
            accepted.shutdownOutput();
            reader.join();
        }
    }

    private static void drain(SocketChannel channel) {
        try {
            Channels.newInputStream(channel).transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
