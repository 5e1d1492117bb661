package adit.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
final class SocketFileTest {
    @TempDir
    Path directory;

    @Test
    void socketIsForItsUserAlone() throws IOException {
        Path socket = directory.resolve("api.sock");
        try (var _ = start(socket)) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            assertServes(socket);
        }
        assertFalse(Files.exists(socket));
    }

    @Test
    void pathThatIsTooLongNamesItsLengthAndTheWayOut() throws IOException {
        Path longest = padded(106);
        try (var _ = start(longest)) {
            assertServes(longest);
        }
        String message = assertThrows(IOException.class, () -> start(padded(107))).getMessage();
        assertTrue(message.contains("107 bytes") && message.contains("ADIT_PATH"), message);
        Path umlauts = directory.resolve("ä".repeat(60));
        assertTrue(assertThrows(IOException.class, () -> start(umlauts)).getMessage().contains("ADIT_PATH"));
    }

    private Path padded(int length) {
        String start = directory + "/";
        return Path.of(start + "s".repeat(length - start.length()));
    }

    @Test
    void directoryOpenToOthersIsRefused() throws IOException {
        for (String mode : new String[] {"rwxr-xr-x", "rwx-----x", "rwxrwx---", "rwxrwxrwx"}) {
            Path open = Files.createDirectory(directory.resolve(mode));
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));
            String message = assertThrows(IOException.class, () -> start(open.resolve("s"))).getMessage();
            assertTrue(message.contains("chmod 700 " + open), message);
            assertFalse(Files.exists(open.resolve("s")));
        }
    }

    @Test
    void missingDirectoryIsNamed() {
        String message = assertThrows(IOException.class, () -> start(directory.resolve("no/s"))).getMessage();
        assertTrue(message.contains("missing: " + directory.resolve("no")), message);
    }

    @Test
    void socketOfACrashedDaemonIsReplaced() throws IOException {
        Path socket = directory.resolve("s");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket)).close();
        assertTrue(Files.exists(socket));
        try (var _ = start(socket)) {
            assertServes(socket);
        }
    }

    @Test
    void socketThatSomebodyServesStays() throws IOException {
        Path socket = directory.resolve("s");
        try (var _ = start(socket)) {
            assertTrue(assertThrows(IOException.class, () -> start(socket)).getMessage().contains("another daemon"));
            assertServes(socket);
        }
    }

    @Test
    void socketWhoseServerIsBusyStays() throws IOException {
        Path socket = directory.resolve("s");
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket), 1);
                var first = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                var second = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            assertTrue(assertThrows(IOException.class, () -> start(socket)).getMessage().contains("another daemon"));
            assertTrue(Files.exists(socket) && listener.isOpen() && first.isOpen() && second.isOpen());
        }
    }

    @Test
    void whatIsNotASocketStays() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        Path folder = Files.createDirectory(directory.resolve("folder"));
        Path target = directory.resolve("target");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(target)).close();
        Path link = Files.createSymbolicLink(directory.resolve("link"), target);
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nowhere"));
        for (Path path : new Path[] {file, folder, link, dangling}) {
            assertTrue(assertThrows(IOException.class, () -> start(path)).getMessage().contains("in the way"), path.toString());
        }
        assertEquals("precious", Files.readString(file));
        assertTrue(Files.isDirectory(folder) && Files.isSymbolicLink(link) && Files.isSymbolicLink(dangling) && Files.exists(target));
        assertFalse(Files.exists(directory.resolve("nowhere")));
    }

    @Test
    void anotherUsersSocketStays() throws IOException {
        Path socket = directory.resolve("s");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket)).close();
        try {
            Files.setAttribute(socket, "unix:uid", 65534);
        } catch (IOException notRoot) {
            Assumptions.abort("SKIP: giving a socket to another user needs root");
        }
        assertTrue(assertThrows(IOException.class, () -> start(socket)).getMessage().contains("another user's"));
        assertTrue(Files.exists(socket));
    }

    @Test
    void closeLeavesASocketThatTookItsPlace() throws IOException {
        Path socket = directory.resolve("s");
        var first = start(socket);
        Files.delete(socket);
        try (var _ = start(socket)) {
            first.close();
            assertServes(socket);
        }
    }

    @Test
    void serverStartsOnceAndClosesTwice() throws IOException {
        var server = start(directory.resolve("s"));
        assertThrows(IllegalStateException.class, server::start);
        server.close();
        server.close();
        assertThrows(IllegalStateException.class, server::start);
    }

    @Test
    void closeWithoutAStartIsFine() {
        new ControlServer(directory.resolve("s"), ScratchServer::echo, ControlSettings.defaults(), null, warning -> { }).close();
    }

    private static ControlServer start(Path socket) throws IOException {
        var server = new ControlServer(socket, ScratchServer::echo, ControlSettings.defaults(), null, warning -> { });
        server.start();
        return server;
    }

    private static void assertServes(Path socket) throws IOException {
        try (ControlResponse response = new ControlClient(socket).request("/", java.util.List.of())) {
            assertEquals(200, response.status());
        }
    }
}
