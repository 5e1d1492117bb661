package adit.control;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Connects to a unix socket within a time. */
final class SocketConnector {
    private SocketConnector() {}

    /**
     * A full backlog makes connect fail at once on a virtual thread and wait without end on a platform thread. So a platform thread connects,
     * whoever calls, and is called off when the time is up.
     */
    static SocketChannel connect(Path socket, Duration timeout) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        // no lambda: the first one costs a short-lived client milliseconds
        FutureTask<Boolean> connecting = new FutureTask<>(new java.util.concurrent.Callable<>() {
            @Override
            public Boolean call() throws IOException {
                return channel.connect(UnixDomainSocketAddress.of(socket));
            }
        });
        Thread.ofPlatform().name("control connect").daemon().start(connecting);
        boolean isConnected = false;
        try {
            isConnected = connecting.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return channel;
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof IOException cause ? cause : new IOException(failure.getCause());
        } catch (TimeoutException late) {
            throw new SocketTimeoutException("nobody accepted the connection to " + socket + " within " + timeout.toMillis() + " ms");
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
