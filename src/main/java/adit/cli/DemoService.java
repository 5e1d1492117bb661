package adit.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The service behind the demo's tunnel, an ordinary TCP server. The first byte of a connection says what the client wants. */
final class DemoService implements AutoCloseable {
    /** Reads to the client's end, then answers with number and hash of the bytes. */
    static final int TAKE = 't';
    /** Sends all data and ends. */
    static final int GIVE = 'g';
    /** Sends back what comes. */
    static final int ECHO = 'e';

    private final DemoData data;
    private final ServerSocket listener;

    DemoService(DemoData data) throws IOException {
        this.data = data;
        listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("demo accept").start(this::acceptLoop);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void acceptLoop() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofPlatform().daemon().name("demo service").start(() -> serve(client));
            } catch (IOException closed) {
                // the condition tells whether that was the last one
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            switch (in.read()) {
                case TAKE -> out.write((DemoData.readFrom(in, () -> {}) + "\n").getBytes(StandardCharsets.US_ASCII));
                case GIVE -> data.writeTo(out, () -> {});
                case ECHO -> in.transferTo(out);
                default -> { }
            }
        } catch (IOException failure) {
            // the client sees it as well, and tells
        }
    }

    @Override public void close() throws IOException {
        listener.close();
    }
}
