package adit.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * Where systemd hears how its service is, sd_notify(3): one datagram a message. The JDK has no unix sockets for datagrams, so this is libc's.
 * Linking to it takes time and memory: the class is for daemons below systemd only. Stays open as long as the process.
 */
final class NotifySocket {
    // Linux: bits/socket.h, the same on every processor that adit is packaged for
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** struct sockaddr_un: the family in two bytes, then the path. */
    private static final int FAMILY_BYTES = 2;
    private static final int MAXIMUM_PATH_BYTES = 107;

    private final MethodHandle sendto;
    private final MemorySegment address;
    private final int descriptor;

    /**
     * @param name what NOTIFY_SOCKET says: an absolute path, or "@" and an abstract name
     * @throws IOException there is no such kind of socket
     */
    @SuppressWarnings("restricted")
    NotifySocket(String name) throws IOException {
        address = address(name);
        Linker linker = Linker.nativeLinker();
        MethodHandle socket = linker.downcallHandle(linker.defaultLookup().findOrThrow("socket"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        sendto = linker.downcallHandle(linker.defaultLookup().findOrThrow("sendto"), FunctionDescriptor.of(ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try {
            descriptor = (int) socket.invokeExact(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
        if (descriptor < 0) {
            throw new IOException("no unix socket could be opened");
        }
    }

    private static MemorySegment address(String name) throws IOException {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = name.startsWith("@");
        if (!isAbstract && !name.startsWith("/") || path.length < 2 || path.length > MAXIMUM_PATH_BYTES) {
            throw new IOException("NOTIFY_SOCKET is neither a path nor an abstract name: " + name);
        }
        // the end of an abstract name is the address's, that of a path a zero
        MemorySegment address = Arena.ofAuto().allocate(FAMILY_BYTES + path.length + (isAbstract ? 0 : 1), Short.BYTES);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, FAMILY_BYTES, path.length);
        if (isAbstract) {
            address.set(ValueLayout.JAVA_BYTE, FAMILY_BYTES, (byte) 0);
        }
        return address;
    }

    /**
     * Sends a message, "READY=1\nSTATUS=…". Does not wait.
     *
     * @throws IOException nobody takes it
     */
    void send(String message) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        long sent;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            sent = (long) sendto.invokeExact(descriptor, data, data.byteSize(), MSG_DONTWAIT | MSG_NOSIGNAL, address, (int) address.byteSize());
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
        if (sent != bytes.length) {
            throw new IOException("systemd does not take messages on its socket");
        }
    }
}
