package adit.transport;

import adit.identity.PrivateKey;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Both ends of a connection after the upgrade. */
record SecurePair(SecureChannel initiator, SecureChannel responder, BufferPool pool) implements AutoCloseable {
    static final PrivateKey DIALER = PrivateKey.generate();
    static final PrivateKey LISTENER = PrivateKey.generate();

    static SecurePair open(String protocol) throws Exception {
        Loopback wire = Loopback.open();
        return open(protocol, wire.dialer(), wire.listener());
    }

    static SecurePair open(String protocol, ByteChannel dialer, ByteChannel listener) throws Exception {
        BufferPool pool = new BufferPool(8);
        FutureTask<SecureChannel> responder =
                Loopback.start(() -> upgrader(LISTENER, pool, protocol).secure(listener, Role.RESPONDER, null));
        SecureChannel initiator = upgrader(DIALER, pool, protocol).secure(dialer, Role.INITIATOR, LISTENER.peerId());
        return new SecurePair(initiator, get(responder), pool);
    }

    static Upgrader upgrader(PrivateKey identity, BufferPool pool, String... protocols) {
        return new Upgrader(identity, TransportSettings.defaults().withSecurity(List.of(protocols)), pool);
    }

    /** The result, or the exception as it was thrown. */
    static <T> T get(FutureTask<T> task) throws Exception {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    static void write(SecureChannel channel, byte[] plaintext) throws IOException {
        byte[] buffer = new byte[SecureChannel.HEADROOM + plaintext.length + SecureChannel.TAILROOM];
        System.arraycopy(plaintext, 0, buffer, SecureChannel.HEADROOM, plaintext.length);
        channel.write(buffer, SecureChannel.HEADROOM, plaintext.length);
    }

    /** So many bytes, or fewer at the end. */
    static byte[] read(SecureChannel channel, int length) throws IOException {
        byte[] bytes = new byte[length];
        int at = 0;
        while (at < length) {
            Segment segment = channel.read();
            if (segment == null) {
                return java.util.Arrays.copyOf(bytes, at);
            }
            System.arraycopy(segment.buffer().bytes, segment.offset(), bytes, at, segment.length());
            at += segment.length();
            segment.buffer().release();
        }
        return bytes;
    }

    @Override public void close() throws IOException {
        initiator.close();
        responder.close();
    }
}
