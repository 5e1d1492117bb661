package adit.tunnel;

import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.BiPredicate;

/**
 * The local end of a tunnel's stream: the connection of the client or to the service. Its two endings are told apart:
 * {@link #close} after everything was said, {@link #abort} so that the other side cannot take the end for a clean one.
 */
final class LocalEnd implements AutoCloseable {
    private final SocketChannel channel;
    /** For the count of bytes that wait; null where the JDK cannot tell (unix sockets). */
    private final InputStream waiting;

    private LocalEnd(SocketChannel channel, InputStream waiting) {
        this.channel = channel;
        this.waiting = waiting;
    }

    /** Takes over a connected channel in blocking mode. */
    static LocalEnd of(SocketChannel channel) throws IOException {
        if (!isTcp(channel)) {
            return new LocalEnd(channel, null);
        }
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        return new LocalEnd(channel, channel.socket().getInputStream());
    }

    private static boolean isTcp(SocketChannel channel) throws IOException {
        return channel.getLocalAddress() instanceof InetSocketAddress;
    }

    SocketChannel channel() {
        return channel;
    }

    /** The remote address as a multiaddr; "/unix/@" for a client without a name, as Kubo shows it. */
    String origin() throws IOException {
        SocketAddress address = channel.getRemoteAddress();
        if (address instanceof InetSocketAddress tcp) {
            // every connection needs this once: most by far can be written without the checks of a multiaddr
            return tcp.getAddress() instanceof Inet4Address ip
                    ? "/ip4/" + ip.getHostAddress() + "/tcp/" + tcp.getPort()
                    : Multiaddr.ofTcp(tcp).toString();
        }
        return "/unix/@";
    }

    /** Blocks until some bytes are there; -1 at the end. */
    int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    /** Whether a read would return at once, for sure; false where nobody can tell. */
    boolean isReadable() throws IOException {
        return waiting != null && waiting.available() > 0;
    }

    /** Whether more is likely to wait after a read that got all it had room for. */
    boolean isLikelyReadable() throws IOException {
        return waiting == null || isReadable();
    }

    /** Whether the program at the other side has closed its socket whole, not only its direction; false when nobody can tell. */
    boolean isAbandoned() {
        return ask((here, there) -> SocketTable.isOrphan(there, here), true);
    }

    /** Whether something that was written has not arrived at the other side yet; false when nobody can tell. */
    boolean hasUnsent() {
        return ask(SocketTable::hasUnsent, false);
    }

    private boolean ask(BiPredicate<InetSocketAddress, InetSocketAddress> question, boolean answerWhenClosed) {
        try {
            return channel.getLocalAddress() instanceof InetSocketAddress here
                    && channel.getRemoteAddress() instanceof InetSocketAddress there
                    && question.test(here, there);
        } catch (IOException closed) {
            return answerWhenClosed;
        }
    }

    /** Blocks until all is written. */
    void write(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            channel.write(from);
        }
    }

    /** The other side reads the end after all that was written. */
    void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** Closes with a TCP reset; what has not arrived yet is dropped. Never blocks; whoever reads or writes is woken. Idempotent. */
    void abort() {
        abort(channel);
    }

    /** The same for a channel that nobody took over yet. */
    static void abort(SocketChannel channel) {
        try {
            if (isTcp(channel)) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException closed) {
            // An end that is closed or broken already needs no reset.
        }
        close(channel);
    }

    /** Closes; what was written still arrives. Idempotent. */
    @Override public void close() {
        close(channel);
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException closed) {
            // Nothing is left to be done for this socket.
        }
    }
}
