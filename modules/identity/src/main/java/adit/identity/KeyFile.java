package adit.identity;

import adit.multiformats.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/** identity.key: the private key as libp2p protobuf, mode 0600. A symbolic link is followed; what counts is the file it leads to. */
public final class KeyFile {
    /** Largest file read, bytes: an RSA key of 8192 bits takes 4.7 KiB. */
    static final int MAXIMUM_LENGTH = 8192;

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final int PERMISSIONS = 0777;
    private static final int OF_OTHERS = 0077;

    private KeyFile() {}

    /**
     * Reads the key.
     *
     * @throws java.nio.file.NoSuchFileException the file is not there
     * @throws MalformedException what is in the file is no private key
     * @throws IOException the file cannot be read, is no plain file, belongs to someone else, or is open to group or others
     */
    public static PrivateKey read(Path file) throws IOException {
        checkPrivate(file);
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAXIMUM_LENGTH + 1);
        }
        try {
            if (bytes.length > MAXIMUM_LENGTH) {
                throw new MalformedException("it is longer than " + MAXIMUM_LENGTH + " bytes");
            }
            return PrivateKey.fromProtobuf(bytes);
        } catch (MalformedException e) {
            throw new MalformedException(file + " holds no private key: " + e.getMessage()
                    + "; restore it from a backup, or move it away to get a new identity", e);
        }
    }

    /** Before the file is opened: opening a pipe would wait for its writer. */
    private static void checkPrivate(Path file) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, "unix:mode,uid,isRegularFile");
        if (!attributes.get("isRegularFile").equals(true)) {
            throw new IOException(file + " is not a plain file; move it away, or restore the private key from a backup");
        }
        // the link itself is root's, what it leads to is the process's
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        Object owner = attributes.get("uid");
        if (!owner.equals(user)) {
            throw new IOException("the private key in " + file + " belongs to user " + owner + ", but this process runs as user " + user
                    + "; run it as user " + owner + ", or run as root: chown " + user + " " + file);
        }
        int mode = (int) attributes.get("mode") & PERMISSIONS;
        if ((mode & OF_OTHERS) != 0) {
            throw new IOException("the private key in " + file + " is open to other users (mode " + String.format("%04o", mode)
                    + "); run: chmod 600 " + file);
        }
    }

    /**
     * Writes a new key file, whole or not at all, and returns when it is on the disk.
     *
     * @throws java.nio.file.FileAlreadyExistsException there is one; it is left alone
     */
    public static void create(Path file, PrivateKey key) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Path fresh = Files.createTempFile(directory, ".identity", ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(key.toProtobuf());
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            // a link, unlike a rename, fails when the name is taken
            Files.createLink(file, fresh);
        } finally {
            Files.deleteIfExists(fresh);
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
