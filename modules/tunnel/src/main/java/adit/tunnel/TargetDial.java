package adit.tunnel;

import adit.multiformats.Multiaddr;
import adit.transport.Deadlines;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One attempt to reach a listener's service: every address of the target in turn, all within one time limit. The lock
 * guards the channel that is being connected and the reason to stop.
 */
final class TargetDial {
    /** How soon a unix socket whose queue is full is tried again: there the kernel does not let virtual threads wait. */
    private static final Duration FULL_QUEUE_PAUSE = Duration.ofMillis(20);

    private final Multiaddr address;
    private final Endpoint target;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private SocketChannel connecting;
    private IOException reason;

    /** @param address what target was made of, for errors */
    TargetDial(Multiaddr address, Endpoint target) {
        this.address = address;
        this.target = target;
    }

    /**
     * A connected channel. Blocks at most for the time limit, and as long as the resolver of names.
     *
     * @param onTimeout runs when time is up, also while the resolver still blocks
     */
    SocketChannel connect(Deadlines deadlines, Duration limit, Runnable onTimeout) throws IOException {
        try (Deadlines.Deadline _ = deadlines.after(limit, () -> timeOut(limit, onTimeout))) {
            IOException first = null;
            for (SocketAddress candidate : target.resolve()) {
                try {
                    return connect(candidate);
                } catch (IOException e) {
                    throwIfCancelled();
                    IOException failure = new ConnectException("dial " + target.describe(candidate) + ": connect: " + text(e));
                    failure.initCause(e);
                    if (first == null) {
                        first = failure;
                    } else {
                        first.addSuppressed(failure);
                    }
                }
            }
            throw first;
        }
    }

    private void timeOut(Duration limit, Runnable onTimeout) {
        cancel(new InterruptedIOException("dial " + address + ": no answer within " + limit.toMillis() + " ms"));
        onTimeout.run();
    }

    /** Ends the attempt with this reason; does nothing once it has ended. Never blocks. */
    void cancel(IOException why) {
        SocketChannel channel;
        synchronized (this) {
            if (reason != null) {
                return;
            }
            reason = why;
            channel = connecting;
            connecting = null;
        }
        cancelled.countDown();
        if (channel != null) {
            LocalEnd.abort(channel);
        }
    }

    private SocketChannel connect(SocketAddress to) throws IOException {
        while (true) {
            boolean unix = to instanceof UnixDomainSocketAddress;
            SocketChannel channel = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
            try {
                begin(channel);
                channel.connect(to);
                finish();
                return channel;
            } catch (IOException e) {
                LocalEnd.abort(channel);
                if (!isFullQueue(to, e)) {
                    throw e;
                }
            }
            awaitPause();
        }
    }

    /** A refusal is an answer; a socket file that may be written to and yet does not connect has a full queue. */
    private static boolean isFullQueue(SocketAddress to, IOException e) {
        return to instanceof UnixDomainSocketAddress unix && !(e instanceof ConnectException) && Files.isWritable(unix.getPath());
    }

    private void awaitPause() throws IOException {
        try {
            cancelled.await(FULL_QUEUE_PAUSE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        throwIfCancelled();
    }

    private synchronized void begin(SocketChannel channel) throws IOException {
        throwIfCancelled();
        connecting = channel;
    }

    private synchronized void finish() throws IOException {
        throwIfCancelled();
        connecting = null;
    }

    private synchronized void throwIfCancelled() throws IOException {
        if (reason != null) {
            throw reason;
        }
    }

    /** Go and Kubo write the kernel's words in lower case; ids further on stay as they are. */
    static String text(Throwable e) {
        String message = e.getMessage();
        if (!(e instanceof IOException) || message == null || message.isEmpty()) {
            return e.toString();
        }
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
}
