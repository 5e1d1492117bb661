package adit.tunnel;

import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** A bound local socket that takes a forwarder's clients. */
final class ListenSocket implements AutoCloseable {
    /** Connections the kernel holds while the accept loop is busy; its own limit (somaxconn) is 4096. */
    private static final int BACKLOG = 1024;

    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET_FILE = 0140000;

    private final ServerSocketChannel channel;
    private final String address;
    /** Identity of the socket's file, so that only our own is removed; null for TCP. */
    private final Object fileKey;

    private ListenSocket(ServerSocketChannel channel, String address, Object fileKey) {
        this.channel = channel;
        this.address = address;
        this.fileKey = fileKey;
    }

    /** Binds at once; BindException in Go's and Kubo's words: "listen tcp4 127.0.0.1:80: bind: permission denied". */
    static ListenSocket bind(Endpoint endpoint) throws IOException {
        SocketAddress local = endpoint.resolve().getFirst();
        try {
            return local instanceof UnixDomainSocketAddress unix ? bindUnix(unix) : bindTcp((InetSocketAddress) local, endpoint);
        } catch (IOException e) {
            BindException failure = new BindException("listen " + endpoint.describe(local) + ": bind: " + TargetDial.text(e));
            failure.initCause(e);
            throw failure;
        }
    }

    private static ListenSocket bindTcp(InetSocketAddress local, Endpoint endpoint) throws IOException {
        boolean only4 = endpoint instanceof Endpoint.Tcp tcp && tcp.network().equals("tcp4");
        ServerSocketChannel channel = only4 ? ServerSocketChannel.open(StandardProtocolFamily.INET) : ServerSocketChannel.open();
        try {
            channel.bind(local, BACKLOG);
            return new ListenSocket(channel, Multiaddr.ofTcp((InetSocketAddress) channel.getLocalAddress()).toString(), null);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static ListenSocket bindUnix(UnixDomainSocketAddress local) throws IOException {
        Path path = local.getPath();
        removeStale(local);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(local, BACKLOG);
            // Until here the umask decides; who connected in between is accepted, as the user's umask allowed.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            return new ListenSocket(channel, "/unix" + path, fileKey(path));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** A program that ended without cleaning up leaves a socket's file behind, and nobody accepts there. */
    private static void removeStale(UnixDomainSocketAddress local) throws IOException {
        Path path = local.getPath();
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & FILE_TYPE) != SOCKET_FILE) {
            throw new BindException("the file exists and is not a socket");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(local);
        } catch (ConnectException nobodyAccepts) {
            Files.delete(path);
            return;
        } catch (IOException busyOrForbidden) {
            // Whoever is there, it is not left behind.
        }
        throw new BindException("address already in use");
    }

    private static Object fileKey(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    }

    /** The bound address as a multiaddr, with the port the kernel chose. */
    String address() {
        return address;
    }

    /** Blocks until a client comes. */
    SocketChannel accept() throws IOException {
        return channel.accept();
    }

    /** The port is free at once, a unix socket's file is gone. Idempotent. */
    @Override public void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        Path path = fileKey == null ? null : ((UnixDomainSocketAddress) channel.getLocalAddress()).getPath();
        channel.close();
        if (path != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS) && fileKey.equals(fileKey(path))) {
            Files.delete(path);
        }
    }
}
