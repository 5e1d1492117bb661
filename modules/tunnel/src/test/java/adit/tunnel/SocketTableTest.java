package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.InetAddress;
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
}
