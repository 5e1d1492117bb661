package adit.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import adit.multiformats.MalformedException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class KeyFileTest {
    private final PrivateKey key = PrivateKey.generate();
    @TempDir private Path directory;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("identity.key");
    }

    static List<TestKey> keys() throws IOException {
        return TestKey.all();
    }

    private void mode(String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aCreatedKeyIsItsOwnersAloneAndComesBack() throws IOException {
        KeyFile.create(file, key);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertArrayEquals(key.toProtobuf(), Files.readAllBytes(file));
        assertEquals(key.peerId(), KeyFile.read(file).peerId());
        assertEquals(List.of("identity.key"), names());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void keysOfEveryTypeAreKept(TestKey vector) throws IOException {
        KeyFile.create(file, PrivateKey.fromProtobuf(vector.bytes("private")));
        assertEquals(vector.text("id"), KeyFile.read(file).peerId().toString());
    }

    @Test
    void anExistingFileIsLeftAlone() throws IOException {
        KeyFile.create(file, key);
        assertThrows(FileAlreadyExistsException.class, () -> KeyFile.create(file, PrivateKey.generate()));
        assertEquals(key.peerId(), KeyFile.read(file).peerId());
        assertEquals(List.of("identity.key"), names());
    }

    @Test
    void aLinkThatLeadsNowhereIsLeftAlone() throws IOException {
        Files.createSymbolicLink(file, directory.resolve("nowhere"));
        assertThrows(FileAlreadyExistsException.class, () -> KeyFile.create(file, key));
        assertThrows(NoSuchFileException.class, () -> KeyFile.read(file));
        assertEquals(List.of("identity.key"), names());
    }

    @Test
    void ofManyWhoCreateOneWins() throws IOException, InterruptedException, ExecutionException {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<PeerId> create = () -> {
                PrivateKey own = PrivateKey.generate();
                try {
                    KeyFile.create(file, own);
                    return own.peerId();
                } catch (FileAlreadyExistsException e) {
                    return null;
                }
            };
            List<PeerId> winners = executor.invokeAll(Collections.nCopies(16, create)).stream()
                    .map(Future::resultNow).filter(id -> id != null).toList();
            assertEquals(List.of(KeyFile.read(file).peerId()), winners);
        }
        assertEquals(List.of("identity.key"), names());
    }

    @Test
    void withoutADirectoryThereIsNoFile() {
        assertThrows(NoSuchFileException.class, () -> KeyFile.create(directory.resolve("missing/identity.key"), key));
        assertThrows(NoSuchFileException.class, () -> KeyFile.read(directory.resolve("missing/identity.key")));
    }

    @ParameterizedTest
    @CsvSource({"rw-r-----,0640", "rw-r--r--,0644", "rw-rw-rw-,0666", "rw----r--,0604", "rw--w----,0620", "rw-----w-,0602",
        "rw---x---,0610", "rwxrwxrwx,0777", "------r--,0004"})
    void aKeyOpenToOthersIsRefusedWithTheCommandThatHelps(String permissions, String octal) throws IOException {
        KeyFile.create(file, key);
        mode(permissions);
        assertEquals("the private key in " + file + " is open to other users (mode " + octal + "); run: chmod 600 " + file,
                assertThrows(IOException.class, () -> KeyFile.read(file)).getMessage());
        mode("rw-------");
        KeyFile.read(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--------", "rw-------", "rwx------"})
    void whatItsOwnerMayDoWithItIsUpToTheOwner(String permissions) throws IOException {
        KeyFile.create(file, key);
        mode(permissions);
        assertEquals(key.peerId(), KeyFile.read(file).peerId());
    }

    @Test
    void aSymbolicLinkIsJudgedByTheFileItLeadsTo() throws IOException {
        KeyFile.create(file, key);
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        assertEquals(key.peerId(), KeyFile.read(link).peerId());
        mode("rw-r--r--");
        assertThrows(IOException.class, () -> KeyFile.read(link));
    }

    @Test
    void aKeyOfSomeoneElseIsRefused() throws IOException {
        KeyFile.create(file, key);
        int self = (int) Files.getAttribute(file, "unix:uid");
        assumeTrue(self == 0, "only root can give a file away");
        Files.setAttribute(file, "unix:uid", 12_345);
        assertEquals("the private key in " + file + " belongs to user 12345, but this process runs as user 0; run it as user 12345, "
                + "or run as root: chown 0 " + file,
                assertThrows(IOException.class, () -> KeyFile.read(file)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, KeyFile.MAXIMUM_LENGTH, KeyFile.MAXIMUM_LENGTH + 1, 1_000_000})
    void aFileThatHoldsNoKeyIsRefusedWithWhatToDo(int length) throws IOException {
        Files.write(file, new byte[length]);
        mode("rw-------");
        String message = assertThrows(MalformedException.class, () -> KeyFile.read(file)).getMessage();
        assertTrue(message.startsWith(file + " holds no private key: "), message);
        assertTrue(message.endsWith("; restore it from a backup, or move it away to get a new identity"), message);
    }

    @Test
    void aFileThatNeverEndsIsNotReadToItsEnd() throws IOException {
        String message = assertThrows(IOException.class, () -> KeyFile.read(Path.of("/dev/zero"))).getMessage();
        assertTrue(message.contains("not a plain file"), message);
    }

    @Test
    void aPipeIsRefusedInsteadOfWaitedFor() throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("mkfifo", "-m", "600", file.toString()).start().waitFor());
        assertTrue(assertThrows(IOException.class, () -> KeyFile.read(file)).getMessage().contains("not a plain file"));
        assertThrows(IOException.class, () -> KeyFile.read(directory));
    }

    @Test
    void theRefusalOfAFileShowsNothingOfTheKey() throws IOException {
        byte[] bytes = key.toProtobuf();
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        mode("rw-------");
        String message = assertThrows(MalformedException.class, () -> KeyFile.read(file)).getMessage();
        assertFalse(message.contains(HexFormat.of().formatHex(bytes, 4, 8)), message);
    }
}
