package adit.identity;

import adit.multiformats.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** identity.key: the private key as libp2p protobuf, mode 0600. */
public final class KeyFile {
    private static final int MAXIMUM = 8192;
    private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private KeyFile() {}

    /**
     * Reads the key.
     *
     * @throws IOException the file is not there, belongs to someone else, is open to group or others, or holds no key;
     *         the message says what to do
     */
    public static PrivateKey read(Path file) throws IOException {
        checkPrivate(file);
        byte[] bytes;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > MAXIMUM) {
                throw new MalformedException(file + " is no key file: it has " + channel.size() + " bytes");
            }
            ByteBuffer buffer = ByteBuffer.allocate(MAXIMUM);
            while (channel.read(buffer) >= 0 && buffer.hasRemaining()) {
                // until the end
            }
            bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
        }
        try {
            return PrivateKey.fromProtobuf(bytes);
        } catch (MalformedException e) {
            throw new MalformedException(file + " holds no private key: " + e.getMessage()
                    + "; restore it from a backup, or move it away to get a new identity", e);
        }
    }

    private static void checkPrivate(Path file) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
        Set<PosixFilePermission> open = EnumSet.copyOf(attributes.permissions().isEmpty() ? OWNER_ONLY : attributes.permissions());
        open.removeAll(OWNER_ONLY);
        open.remove(PosixFilePermission.OWNER_EXECUTE);
        if (!open.isEmpty()) {
            throw new IOException("the private key in " + file + " is open to other users (mode "
                    + PosixFilePermissions.toString(attributes.permissions()) + "); run: chmod 600 " + file);
        }
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid", LinkOption.NOFOLLOW_LINKS);
        Object owner = Files.getAttribute(file, "unix:uid");
        if (!owner.equals(user)) {
            throw new IOException("the private key in " + file + " belongs to user " + owner + ", not to the user of this process, " + user);
        }
    }

    /**
     * Writes a new key file, whole or not at all.
     *
     * @throws java.nio.file.FileAlreadyExistsException there is one; it is left alone
     */
    public static void create(Path file, PrivateKey key) throws IOException {
        Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), ".identity", ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
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
    }
}
