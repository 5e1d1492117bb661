package adit.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our channel against an engine that does what a well-behaved channel would not. */
@Timeout(20)
class TlsChannelTest {
    private static final List<String> MUXERS = List.of("/yamux/1.0.0");
    private static final int APPLICATION_DATA = 23;

    private final BufferPool pool = new BufferPool(2);
    private Loopback wire;
    private SSLEngine peer;
    private TlsChannel channel;

    @BeforeEach void connect() throws Exception {
        wire = Loopback.open();
        FutureTask<TlsChannel> responder = Loopback.start(
                () -> new TlsHandshake(SecurePair.LISTENER, MUXERS, false, pool).perform(wire.listener(), Role.RESPONDER, null));
        peer = new TlsHandshake(PrivateKey.generate(), MUXERS, false, pool).engine(Role.INITIATOR, new TlsPeerVerification(null));
        new TlsHandshake.Exchange(wire.dialer(), peer).run();
        channel = SecurePair.get(responder);
    }

    @AfterEach void nothingLeaks() throws IOException {
        channel.close();
        wire.close();
        assertEquals(0, pool.lent());
    }

    @Test void onlyTls13IsSpoken() {
        assertEquals("TLSv1.3", peer.getSession().getProtocol());
    }

    @Test void noTicketIsSent() throws Exception {
        SecurePair.write(channel, new byte[] {7});
        channel.close();
        // nothing before the data, which the engine pads by 16 bytes
        byte[] header = wire.dialerInput().readNBytes(5);
        assertEquals(1 + 1 + 16 + 16, header[3] << 8 | header[4]);
    }

    @Test void keyUpdatesAreFollowedAndAnswered() throws Exception {
        for (int i = 0; i < 10; i++) {
            updateKey();
            sendData(new byte[] {(byte) i});
            assertArrayEquals(new byte[] {(byte) i}, SecurePair.read(channel, 1));
        }
        SecurePair.write(channel, new byte[] {42});
        int updates = 0;
        ByteBuffer data = ByteBuffer.allocate(20_000);
        while (data.position() == 0) {
            byte[] header = wire.dialerInput().readNBytes(5);
            byte[] body = wire.dialerInput().readNBytes((header[3] & 0xff) << 8 | header[4] & 0xff);
            peer.unwrap(ByteBuffer.allocate(5 + body.length).put(header).put(body).flip(), data);
            updates += data.position() == 0 ? 1 : 0;
        }
        assertEquals(10, updates);
        assertEquals(42, data.get(0));
    }

    @Test void floodOfKeyUpdatesEndsTheConnection() throws Exception {
        FutureTask<Segment> reader = Loopback.start(() -> channel.read());
        for (int i = 0; i < 65; i++) {
            updateKey();
        }
        assertThrows(MalformedException.class, () -> SecurePair.get(reader));
        assertThrows(MalformedException.class, () -> channel.read());
    }

    @Test void keyUpdatesNowAndThenAreNoFlood() throws Exception {
        byte[] data = new byte[16_384];
        FutureTask<byte[]> reader = Loopback.start(() -> SecurePair.read(channel, 200 * 10 * data.length));
        for (int i = 0; i < 200; i++) {
            updateKey();
            for (int record = 0; record < 10; record++) {
                sendData(data);
            }
        }
        assertEquals(200 * 10 * data.length, SecurePair.get(reader).length);
    }

    @Test void oversizeRecordIsRefusedByItsHeader() throws Exception {
        wire.send(new byte[] {APPLICATION_DATA, 3, 3, 0x41, 1});
        assertThrows(MalformedException.class, () -> channel.read());
    }

    @Test void plaintextRecordIsRefused() throws Exception {
        wire.send(new byte[] {APPLICATION_DATA, 3, 3, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        assertThrows(SSLException.class, () -> channel.read());
    }

    @Test void announcedEndIsTheEndEvenIfMoreFollows() throws Exception {
        peer.closeOutbound();
        flushPeer();
        wire.send(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        assertNull(channel.read());
        assertNull(channel.read());
    }

    @Test void closeAnnouncesTheEnd() throws Exception {
        channel.close();
        byte[] record = wire.dialerInput().readAllBytes();
        peer.unwrap(ByteBuffer.wrap(record), ByteBuffer.allocate(20_000));
        assertTrue(peer.isInboundDone());
    }

    private void updateKey() throws IOException {
        peer.beginHandshake();
        flushPeer();
    }

    private void flushPeer() throws IOException {
        send(ByteBuffer.allocate(0));
    }

    private void sendData(byte[] data) throws IOException {
        send(ByteBuffer.wrap(data));
    }

    private void send(ByteBuffer data) throws IOException {
        do {
            ByteBuffer record = ByteBuffer.allocate(20_000);
            peer.wrap(data, record);
            wire.send(Arrays.copyOf(record.array(), record.position()));
        } while (data.hasRemaining());
    }
}
