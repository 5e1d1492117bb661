package adit.control;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Bytes to and from the server, nothing added. */
final class RawClient implements AutoCloseable {
    final SocketChannel channel;

    RawClient(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    void send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Everything up to the end of input; a reset counts as one, since the answer before it is what matters. */
    String readAll() throws IOException {
        var text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        try {
            while (channel.read(buffer.clear()) >= 0) {
                text.append(StandardCharsets.UTF_8.decode(buffer.flip()));
            }
        } catch (java.net.SocketException reset) {
            // the server closed with bytes of ours unread
        }
        return text.toString();
    }

    /** Reads byte by byte until the text read ends with what is wanted. */
    String readUntil(String end) throws IOException {
        var text = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (text.length() < end.length() || !text.substring(text.length() - end.length()).equals(end)) {
            if (channel.read(one.clear()) < 0) {
                throw new EOFException("ended after: " + text);
            }
            text.append((char) (one.get(0) & 0xff));
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
