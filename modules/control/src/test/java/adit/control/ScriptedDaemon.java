package adit.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Accepts one connection, sends a fixed answer whatever is asked, and closes. */
final class ScriptedDaemon implements AutoCloseable {
    private final Path socket;
    private final ServerSocketChannel listener;

    ScriptedDaemon(Path socket, String answer) throws IOException {
        this.socket = socket;
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(() -> {
            try (SocketChannel channel = listener.accept()) {
                channel.read(ByteBuffer.allocate(4096));
                ByteBuffer bytes = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException clientGone) {
                // the test sees it from its side
            }
        });
    }

    ControlClient client() {
        return new ControlClient(socket);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        Files.deleteIfExists(socket);
    }
}
