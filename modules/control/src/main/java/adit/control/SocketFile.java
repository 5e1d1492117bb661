package adit.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;

/**
 * The file of the listening socket. Its directory keeps everybody else out, so that there is no moment between bind and chmod in which
 * another user could connect.
 */
final class SocketFile {
    /** Room in sockaddr_un less what the JDK keeps for itself. */
    static final int MAXIMUM_PATH_BYTES = 106;
    /** A group may come in and read nothing: not even what there is. */
    private static final String GROUP_DIRECTORY = "rwx--x---";
    private static final int BACKLOG = 1024;
    private static final int FILE_TYPE_MASK = 0170000;
    private static final int SOCKET_TYPE = 0140000;
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

    private final Path path;
    private final Object fileKey;
    private final UserPrincipal owner;

    private SocketFile(Path path, Object fileKey, UserPrincipal owner) {
        this.path = path;
        this.fileKey = fileKey;
        this.owner = owner;
    }

    /**
     * Binds the channel; a socket left by a crashed daemon is replaced, anything else at the path stays and is an error.
     *
     * @param group who else may connect, null for nobody
     */
    static SocketFile bind(ServerSocketChannel channel, Path path, GroupAccess group) throws IOException {
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAXIMUM_PATH_BYTES) {
            throw new IOException("path of the control socket has " + length + " bytes, " + MAXIMUM_PATH_BYTES
                    + " fit: set ADIT_PATH to a shorter one (" + path + ")");
        }
        Path directory = path.toAbsolutePath().getParent();
        requirePrivate(directory);
        if (group != null) {
            group.open(directory, GROUP_DIRECTORY);
        } else {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            removeStale(path);
        }
        channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        if (group != null) {
            group.open(path, "rw-rw----");
        }
        return new SocketFile(path, fileKey(path), Files.getOwner(path, LinkOption.NOFOLLOW_LINKS));
    }

    private static void requirePrivate(Path directory) throws IOException {
        String mode;
        try {
            mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
        } catch (NoSuchFileException missing) {
            throw new IOException("directory of the control socket is missing: " + directory, missing);
        }
        if (!mode.endsWith("------") && !mode.equals(GROUP_DIRECTORY)) {
            throw new IOException("directory " + directory + " is open to other users (" + mode + "): run chmod 700 " + directory);
        }
    }

    private static void removeStale(Path path) throws IOException {
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & FILE_TYPE_MASK) != SOCKET_TYPE) {
            throw new FileAlreadyExistsException(path.toString(), null, "is in the way of the control socket: move it away");
        }
        if (!Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(ownUser(path))) {
            throw new FileAlreadyExistsException(path.toString(), null,
                    "is another user's socket: set ADIT_PATH to a directory of your own");
        }
        try {
            SocketConnector.connect(path, PROBE_TIMEOUT).close();
        } catch (ConnectException refused) {
            Files.deleteIfExists(path);
            return;
        } catch (SocketTimeoutException busy) {
            // somebody listens and is slow: that is somebody
        }
        throw new FileAlreadyExistsException(path.toString(), null, "another daemon answers on it");
    }

    /** The process's user as the file system knows it; the property user.name can be anything. */
    private static UserPrincipal ownUser(Path path) throws IOException {
        Path probe = Files.createTempFile(path.toAbsolutePath().getParent(), ".owner", null);
        try {
            return Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS);
        } finally {
            Files.delete(probe);
        }
    }

    private static Object fileKey(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    }

    /** The user this process runs as. */
    UserPrincipal owner() {
        return owner;
    }

    /** Removes the file unless another has taken its place. */
    void remove() throws IOException {
        try {
            if (fileKey(path).equals(fileKey)) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException gone) {
            // somebody removed it already
        }
    }

    static ServerSocketChannel open() throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    }
}
