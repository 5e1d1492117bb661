package adit.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;

/**
 * Two TCP connections with a middleman who copies, or does worse:
 * dialer ⇄ (first.listener, second.dialer) ⇄ listener.
 */
final class Wire implements AutoCloseable {
    /** What the middleman does to one direction; the direction ends when it returns. */
    interface Tap {
        void copy(InputStream from, OutputStream to) throws IOException;
    }

    private final Loopback first = Loopback.open();
    private final Loopback second = Loopback.open();

    private Wire() throws IOException {}

    static Wire open(Tap towardListener, Tap towardDialer) throws IOException {
        Wire wire = new Wire();
        Loopback.start(() -> wire.copy(towardListener, wire.first.listener(), wire.second.dialer()));
        Loopback.start(() -> wire.copy(towardDialer, wire.second.dialer(), wire.first.listener()));
        return wire;
    }

    SocketChannel dialer() {
        return first.dialer();
    }

    SocketChannel listener() {
        return second.listener();
    }

    /** An honest middleman. */
    static Tap faithfully() {
        return InputStream::transferTo;
    }

    /** Every byte in a write of its own. */
    static Tap byteByByte() {
        return (from, to) -> {
            int next;
            while ((next = from.read()) >= 0) {
                to.write(next);
            }
        };
    }

    /** Ends the direction after so many bytes. */
    static Tap cutAfter(int bytes) {
        return (from, to) -> copy(from, to, bytes);
    }

    /** Changes one bit of the byte at a position. */
    static Tap tamperAt(int position) {
        return (from, to) -> {
            copy(from, to, position);
            to.write(from.read() ^ 1);
            from.transferTo(to);
        };
    }

    /** Replaces everything from a position on, then ends the direction. */
    static Tap replaceFrom(int position, byte[] garbage) {
        return (from, to) -> {
            copy(from, to, position);
            to.write(garbage);
        };
    }

    private static void copy(InputStream from, OutputStream to, int bytes) throws IOException {
        byte[] piece = new byte[Math.max(1, bytes)];
        int left = bytes;
        int count;
        while (left > 0 && (count = from.read(piece, 0, left)) >= 0) {
            to.write(piece, 0, count);
            left -= count;
        }
    }

    private Void copy(Tap tap, SocketChannel from, SocketChannel to) throws IOException {
        try {
            tap.copy(new ChannelInput(from), new ChannelOutput(to));
        } finally {
            to.shutdownOutput();
        }
        return null;
    }

    @Override public void close() throws IOException {
        first.close();
        second.close();
    }
}
