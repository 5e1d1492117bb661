package adit.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * One daemon per directory: an exclusive lock on {@code daemon.lock}, with the pid written in it. The kernel releases the lock when the
 * process ends, however it ends; the file itself stays, since removing it would let two daemons lock two files of that name.
 *
 * <p>The kernel drops the lock when the process closes any descriptor of the file: nothing else in the daemon may open it, nor lock it
 * twice.
 */
public final class DaemonLock implements AutoCloseable {
    /** The file's name in the daemon's directory. */
    public static final String NAME = "daemon.lock";
    private static final int MAXIMUM_PID_BYTES = 18;

    private final FileChannel channel;

    private DaemonLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock or fails at once.
     *
     * @throws DaemonRunningException when another daemon holds it
     * @throws IOException when the directory cannot be written or has no locks
     */
    public static DaemonLock acquire(Path directory) throws IOException {
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        FileChannel channel = FileChannel.open(directory.resolve(NAME),
                Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE), mode);
        boolean isHeld = false;
        try {
            isHeld = tryLock(channel) != null;
            if (!isHeld) {
                throw new DaemonRunningException(directory, readPid(channel));
            }
            writePid(channel);
            return new DaemonLock(channel);
        } finally {
            if (!isHeld) {
                channel.close();
            }
        }
    }

    /** It is only for the words of an error: a full disk is no reason not to start. */
    private static void writePid(FileChannel channel) {
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
        } catch (IOException full) {
            // whoever looks is told pid 0
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    /** 0 when the holder has not written it yet. */
    private static long readPid(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(MAXIMUM_PID_BYTES);
        channel.read(text, 0);
        long pid = 0;
        for (int i = 0; i < text.position() && text.get(i) >= '0' && text.get(i) <= '9'; i++) {
            pid = pid * 10 + (text.get(i) - '0');
        }
        return pid;
    }

    /** Releases the lock; the pid is taken out of the file. */
    @Override
    public void close() throws IOException {
        try (channel) {
            if (channel.isOpen()) {
                channel.truncate(0);
            }
        }
    }
}
