package adit.control;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Connects to a unix socket within a time. A full backlog makes connect fail at once on a virtual thread and wait without end on a platform
 * thread: so a platform thread connects, whoever calls, and is called off by closing its channel when the time is up.
 */
final class SocketConnector extends Thread {
    private final SocketChannel channel;
    private final Path socket;
    private IOException failure;

    private SocketConnector(SocketChannel channel, Path socket) {
        super("control connect");
        this.channel = channel;
        this.socket = socket;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException cause) {
            failure = cause;
        }
    }

    /** @throws SocketTimeoutException when nobody accepted in time */
    static SocketChannel connect(Path socket, Duration timeout) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        SocketConnector connector = new SocketConnector(channel, socket);
        boolean isConnected = false;
        try {
            connector.start();
            connector.join(timeout.toMillis());
            if (connector.isAlive()) {
                throw new SocketTimeoutException("nobody accepted the connection to " + socket + " within " + timeout.toMillis() + " ms");
            }
            if (connector.failure != null) {
                throw connector.failure;
            }
            isConnected = true;
            return channel;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while connecting to " + socket, stop);
        } finally {
            if (!isConnected) {
                channel.close();
            }
        }
    }
}
