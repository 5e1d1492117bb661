package adit.control;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The file {@code api} in the daemon's directory: the multiaddr of the control socket, {@code /unix/…}, there while the daemon is ready.
 * Its appearance is what scripts and systemd path units wait for, so it appears whole.
 */
public final class ApiFile {
    /** The file's name in the daemon's directory. */
    public static final String NAME = "api";
    private static final String PREFIX = "/unix";
    private static final int MAXIMUM_BYTES = 4096;

    private final Path file;

    /** @param directory the daemon's directory */
    public ApiFile(Path directory) {
        this.file = directory.resolve(NAME);
    }

    /**
     * Writes the socket's multiaddr; readers see the old content or the new, never a part.
     *
     * @param group who else may read it, null for nobody
     */
    public void write(Path socket, GroupAccess group) throws IOException {
        Path temporary = Files.createTempFile(file.toAbsolutePath().getParent(), NAME, ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(temporary, PREFIX + socket.toAbsolutePath().normalize());
            if (group != null) {
                group.open(temporary, "rw-r-----");
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Removes the file; it is no error when it is gone already. */
    public void remove() throws IOException {
        Files.deleteIfExists(file);
    }

    /**
     * The path of the control socket of the daemon that runs here.
     *
     * @throws DaemonNotRunningException when there is no such file
     * @throws IOException when it holds something else than a /unix address
     */
    public Path read() throws IOException {
        byte[] bytes;
        try (var channel = Files.newByteChannel(file); var stream = Channels.newInputStream(channel)) {
            bytes = stream.readNBytes(MAXIMUM_BYTES);
        } catch (NoSuchFileException missing) {
            throw new DaemonNotRunningException("no daemon is running: there is no " + file, missing);
        }
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        // a path with a NUL is none to Path.of, and one that fills the limit may go on behind it
        if (!text.startsWith(PREFIX + "/") || text.indexOf('\0') >= 0 || bytes.length == MAXIMUM_BYTES) {
            throw new IOException(file + " does not hold a /unix address: remove it and start the daemon");
        }
        return Path.of(text.substring(PREFIX.length()));
    }
}
