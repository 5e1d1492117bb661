package adit.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.Multiaddr;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ListenSocketTest {
    /** Not JUnit's: its names may be too long for a socket. */
    private Path directory;

    @BeforeEach void makeDirectory() throws Exception {
        directory = Files.createTempDirectory("adit");
    }

    @AfterEach void removeDirectory() throws Exception {
        Files.deleteIfExists(path());
        Files.delete(directory);
    }

    @Test void aPortInUseIsToldAsKuboTellsIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String failure = bindFailure("/ip4/127.0.0.1/tcp/" + taken.getLocalPort());
            assertEquals("listen tcp4 127.0.0.1:" + taken.getLocalPort() + ": bind: address already in use", failure);
        }
    }

    @Test void anAddressOfAnotherMachineIsToldAsKuboTellsIt() {
        assertEquals("listen tcp4 192.0.2.1:1: bind: cannot assign requested address", bindFailure("/ip4/192.0.2.1/tcp/1"));
    }

    @Test void thePortTheKernelChoseIsShownAndFreeAtOnceAfterClose() throws Exception {
        String address;
        try (ListenSocket socket = bind("/ip4/127.0.0.1/tcp/0"); SocketChannel client = SocketChannel.open(tcp(socket))) {
            address = socket.address();
            socket.accept().close();
            assertTrue(client.isConnected());
        }
        assertFalse(address.endsWith("/tcp/0"));
        bind(address).close();
    }

    @Test void ip6AndNamesCanBeBound() throws Exception {
        try (ListenSocket six = bind("/ip6/::1/tcp/0"); ListenSocket name = bind("/dns4/localhost/tcp/0")) {
            assertTrue(six.address().startsWith("/ip6/::1/tcp/"));
            assertTrue(name.address().startsWith("/ip4/127.0.0.1/tcp/"));
        }
    }

    @Test void aUnixSocketIsForItsOwnerOnlyAndGoneAfterClose() throws Exception {
        try (ListenSocket socket = bind("/unix" + path())) {
            assertEquals("/unix" + path(), socket.address());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
        }
        assertFalse(Files.exists(path()));
    }

    @Test void aSocketFileLeftBehindIsReplaced() throws Exception {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path())).close();
        assertTrue(Files.exists(path()));
        try (ListenSocket socket = bind("/unix" + path()); SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
            assertTrue(client.isConnected());
            socket.accept().close();
        }
    }

    @Test void aSocketThatSomebodyServesIsLeftAlone() throws Exception {
        try (ListenSocket first = bind("/unix" + path())) {
            assertEquals("listen unix " + path() + ": bind: address already in use", bindFailure("/unix" + path()));
            assertTrue(Files.exists(path()));
            assertEquals("/unix" + path(), first.address());
        }
    }

    @Test void aFileThatIsNoSocketIsLeftAlone() throws Exception {
        Files.writeString(path(), "precious");
        assertEquals("listen unix " + path() + ": bind: the file exists and is not a socket", bindFailure("/unix" + path()));
        assertEquals("precious", Files.readString(path()));
    }

    @Test void theSocketFileOfASuccessorIsLeftAlone() throws Exception {
        ListenSocket first = bind("/unix" + path());
        Files.delete(path());
        try (ListenSocket second = bind("/unix" + path())) {
            first.close();
            assertTrue(Files.exists(path()));
            assertEquals(first.address(), second.address());
        }
    }

    @Test void aDirectoryThatDoesNotExistIsToldAsKuboTellsIt() {
        assertEquals("listen unix " + directory + "/none/s: bind: no such file or directory", bindFailure("/unix" + directory + "/none/s"));
    }

    private Path path() {
        return directory.resolve("s");
    }

    private static java.net.SocketAddress tcp(ListenSocket socket) throws Exception {
        return Multiaddr.parse(socket.address()).toTcp().orElseThrow();
    }

    private static ListenSocket bind(String address) throws Exception {
        return ListenSocket.bind(Endpoint.ofListen(Multiaddr.parse(address)));
    }

    private static String bindFailure(String address) {
        return assertThrows(BindException.class, () -> bind(address)).getMessage();
    }
}
