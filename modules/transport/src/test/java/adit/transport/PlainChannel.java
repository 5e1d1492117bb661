package adit.transport;

import adit.identity.PrivateKey;
import adit.identity.PublicKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** A socket without encryption in the place of a secure channel, so that a test can speak to the muxer byte by byte. */
final class PlainChannel implements SecureChannel {
    private final SocketChannel socket;
    private final BufferPool pool;
    private final PublicKey remoteKey = PrivateKey.generate().publicKey();

    PlainChannel(SocketChannel socket, BufferPool pool) {
        this.socket = socket;
        this.pool = pool;
    }

    @Override public String protocol() {
        return "/plain";
    }

    @Override public PublicKey remoteKey() {
        return remoteKey;
    }

    @Override public Optional<String> earlyMuxer() {
        return Optional.empty();
    }

    @Override public Segment read() throws IOException {
        Buffer buffer = pool.borrow();
        int count = socket.read(ByteBuffer.wrap(buffer.bytes));
        if (count < 0) {
            buffer.release();
            return null;
        }
        return new Segment(buffer, 0, count);
    }

    @Override public void write(byte[] buffer, int offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, offset, length);
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
        // the contract says the plaintext is destroyed: nobody may count on it afterwards
        for (int i = offset; i < offset + length; i++) {
            buffer[i] = (byte) 0xee;
        }
    }

    @Override public void close() throws IOException {
        socket.close();
    }
}
