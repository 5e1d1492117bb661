package adit.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files beside the socket: who runs here, and where to reach it. */
@Timeout(30)
final class DaemonFilesTest {
    @TempDir
    Path directory;

    @Test
    void apiFileHoldsTheSocketsMultiaddr() throws IOException {
        var api = new ApiFile(directory);
        Path socket = directory.resolve("x/../api.sock");
        api.write(socket, null);
        assertEquals("/unix" + directory.resolve("api.sock"), Files.readString(directory.resolve("api")));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("api"))));
        assertEquals(directory.resolve("api.sock"), api.read());
        api.write(directory.resolve("other.sock"), null);
        assertEquals(directory.resolve("other.sock"), api.read());
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(1, files.count(), "nothing temporary stays");
        }
        api.remove();
        api.remove();
        assertThrows(DaemonNotRunningException.class, api::read);
    }

    @Test
    void apiFileWithSomethingElseIsNamed() throws IOException {
        var api = new ApiFile(directory);
        for (String text : new String[] {"", "\n", "/ip4/127.0.0.1/tcp/5001", "/unix", "unix/tmp/s", "/unix\u0000/s", "/unix/tmp/\u0000s",
                "/unix/" + "long".repeat(5000)}) {
            Files.writeString(directory.resolve("api"), text);
            String message = assertThrows(IOException.class, api::read).getMessage();
            assertTrue(message.contains(directory.resolve("api").toString()), message);
        }
        Files.writeString(directory.resolve("api"), "/unix/tmp/s\n");
        assertEquals(Path.of("/tmp/s"), api.read());
    }

    @Test
    void apiFileThatCannotBeWrittenLeavesTheOldOne() throws IOException {
        var api = new ApiFile(directory.resolve("missing"));
        assertThrows(IOException.class, () -> api.write(directory.resolve("s"), null));
    }

    @Test
    void secondLockInOneProcessNamesThePidAndTheDirectory() throws IOException {
        try (DaemonLock _ = DaemonLock.acquire(directory)) {
            var failure = assertThrows(DaemonRunningException.class, () -> DaemonLock.acquire(directory));
            assertEquals(ProcessHandle.current().pid(), failure.pid());
            assertTrue(failure.getMessage().contains(directory.toString()), failure.getMessage());
        }
        DaemonLock.acquire(directory).close();
        assertEquals("", Files.readString(directory.resolve(DaemonLock.NAME)));
    }

    @Test
    void lockOfAnotherProcessHoldsUntilThatProcessDies() throws Exception {
        Process holder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(), directory.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            assertEquals('L', holder.getInputStream().read());
            var failure = assertThrows(DaemonRunningException.class, () -> DaemonLock.acquire(directory));
            assertEquals(holder.pid(), failure.pid());
            assertTrue(failure.getMessage().contains("(pid " + holder.pid() + ")"), failure.getMessage());
        } finally {
            holder.destroyForcibly().waitFor();
        }
        DaemonLock.acquire(directory).close();
    }

    @Test
    void unreadablePidIsNoPid() throws IOException {
        for (String text : new String[] {"", "x", "99999999999999999999999999"}) {
            Files.writeString(directory.resolve(DaemonLock.NAME), text);
            try (DaemonLock _ = DaemonLock.acquire(directory)) {
                assertEquals(ProcessHandle.current().pid() + "\n", Files.readString(directory.resolve(DaemonLock.NAME)));
            }
        }
    }

    @Test
    void missingDirectoryIsAnIoException() {
        assertThrows(IOException.class, () -> DaemonLock.acquire(directory.resolve("missing")));
    }

    /** Holds the lock until it is killed. */
    static final class LockHolder {
        private LockHolder() {}

        public static void main(String[] arguments) throws IOException {
            try (DaemonLock _ = DaemonLock.acquire(Path.of(arguments[0]))) {
                System.out.print("L");
                System.out.flush();
                System.in.read();
            }
        }
    }
}
