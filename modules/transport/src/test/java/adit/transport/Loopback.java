package adit.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Two ends of a TCP connection over loopback. */
record Loopback(SocketChannel dialer, SocketChannel listener) implements AutoCloseable {
    static Loopback open() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel dialer = SocketChannel.open(server.getLocalAddress());
            SocketChannel listener = server.accept();
            dialer.setOption(StandardSocketOptions.TCP_NODELAY, true);
            listener.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new Loopback(dialer, listener);
        }
    }

    /** Runs the work on a thread of its own. */
    static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }

    InputStream dialerInput() {
        return new ChannelInput(dialer);
    }

    OutputStream dialerOutput() {
        return new ChannelOutput(dialer);
    }

    InputStream listenerInput() {
        return new ChannelInput(listener);
    }

    OutputStream listenerOutput() {
        return new ChannelOutput(listener);
    }

    /** Everything the dialler sends until it ends. */
    byte[] drainListener() throws IOException {
        return listenerInput().readAllBytes();
    }

    /** Sends the bytes from the dialler's end as they are. */
    void send(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            dialer.write(buffer);
        }
    }

    @Override public void close() throws IOException {
        dialer.close();
        listener.close();
    }
}
