package adit.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SecureChannelTest {
    private static final int TRANSFER_BYTES = 48 << 20;

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void everySizeArrivesWhole(String protocol) throws Exception {
        try (SecurePair pair = SecurePair.open(protocol)) {
            for (int length : new int[] {1, 2, 12, 2047, 2048, 2049, 16_383, 16_384, 16_385, 32_768, 65_518,
                SecureChannel.MAXIMUM_PLAINTEXT}) {
                byte[] sent = random(length);
                FutureTask<byte[]> received = Loopback.start(() -> SecurePair.read(pair.responder(), length));
                SecurePair.write(pair.initiator(), sent);
                assertArrayEquals(sent, SecurePair.get(received));
            }
            assertEquals(0, pair.pool().lent());
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void bothDirectionsCarryLargeTransfersAtOnce(String protocol) throws Exception {
        try (SecurePair pair = SecurePair.open(protocol)) {
            FutureTask<byte[]> there = Loopback.start(() -> receive(pair.responder()));
            FutureTask<byte[]> back = Loopback.start(() -> receive(pair.initiator()));
            FutureTask<byte[]> answer = Loopback.start(() -> send(pair.responder(), 2));
            assertArrayEquals(send(pair.initiator(), 1), SecurePair.get(there));
            assertArrayEquals(SecurePair.get(answer), SecurePair.get(back));
            assertEquals(0, pair.pool().lent());
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void bytesMayArriveOneByOne(String protocol) throws Exception {
        try (Wire wire = Wire.open(Wire.byteByByte(), Wire.byteByByte());
                SecurePair pair = SecurePair.open(protocol, wire.dialer(), wire.listener())) {
            byte[] sent = random(20_000);
            SecurePair.write(pair.initiator(), sent);
            SecurePair.write(pair.responder(), sent);
            assertArrayEquals(sent, SecurePair.read(pair.responder(), sent.length));
            assertArrayEquals(sent, SecurePair.read(pair.initiator(), sent.length));
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void recordsMayStraddleReads(String protocol) throws Exception {
        Random random = new Random(7);
        Wire.Tap inPieces = (from, to) -> {
            byte[] piece = new byte[40_000];
            int count;
            while ((count = from.read(piece, 0, 1 + random.nextInt(piece.length))) >= 0) {
                to.write(piece, 0, count);
            }
        };
        try (Wire wire = Wire.open(inPieces, Wire.faithfully());
                SecurePair pair = SecurePair.open(protocol, wire.dialer(), wire.listener())) {
            FutureTask<byte[]> there = Loopback.start(() -> receive(pair.responder()));
            assertArrayEquals(send(pair.initiator(), 3), SecurePair.get(there));
            assertEquals(0, pair.pool().lent());
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void smallRecordsArriveInOrder(String protocol) throws Exception {
        try (Loopback wire = Loopback.open(); SecurePair pair = SecurePair.open(protocol, wire.dialer(), wire.listener())) {
            byte[] sent = random(100 * 12);
            for (int i = 0; i < 100; i++) {
                SecurePair.write(pair.initiator(), Arrays.copyOfRange(sent, 12 * i, 12 * i + 12));
            }
            assertArrayEquals(sent, SecurePair.read(pair.responder(), sent.length));
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void idleConnectionHoldsNoPooledBuffer(String protocol) throws Exception {
        try (SecurePair pair = SecurePair.open(protocol)) {
            SecurePair.write(pair.initiator(), new byte[] {1});
            assertArrayEquals(new byte[] {1}, SecurePair.read(pair.responder(), 1));
            FutureTask<byte[]> reader = Loopback.start(() -> SecurePair.read(pair.responder(), 1));
            SecurePair.write(pair.responder(), new byte[] {1});
            assertArrayEquals(new byte[] {1}, SecurePair.read(pair.initiator(), 1));
            assertEquals(0, pair.pool().lent());
            SecurePair.write(pair.initiator(), new byte[] {2});
            assertArrayEquals(new byte[] {2}, SecurePair.get(reader));
            assertEquals(0, pair.pool().lent());
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void closeGivesBackThePartOfARecordThatArrived(String protocol) throws Exception {
        try (Loopback wire = Loopback.open(); SecurePair pair = SecurePair.open(protocol, wire.dialer(), wire.listener())) {
            SecurePair.write(pair.initiator(), new byte[] {1});
            wire.send(new byte[] {23, 3, 3, 1});
            assertArrayEquals(new byte[] {1}, SecurePair.read(pair.responder(), 1));
            FutureTask<Segment> reader = Loopback.start(() -> pair.responder().read());
            SecurePair.write(pair.responder(), new byte[] {1});
            assertArrayEquals(new byte[] {1}, SecurePair.read(pair.initiator(), 1));
            pair.responder().close();
            assertThrows(IOException.class, () -> SecurePair.get(reader));
            assertEquals(0, pair.pool().lent());
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void bufferWithMoreThanWasReadIsGivenBackByClose(String protocol) throws Exception {
        try (Loopback wire = Loopback.open(); SecurePair pair = SecurePair.open(protocol, wire.dialer(), wire.listener())) {
            byte[] sent = random(60_000);
            SecurePair.write(pair.initiator(), sent);
            // more than what arrives in the small array, less than a record
            wire.send(new byte[] {23, 3, 3, 1});
            assertArrayEquals(sent, SecurePair.read(pair.responder(), sent.length));
            pair.responder().close();
            pair.responder().close();
            assertEquals(0, pair.pool().lent());
            assertThrows(IOException.class, () -> pair.responder().read());
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void endIsNullAndStaysSo(String protocol) throws Exception {
        try (SecurePair pair = SecurePair.open(protocol)) {
            SecurePair.write(pair.initiator(), new byte[] {1});
            pair.initiator().close();
            assertArrayEquals(new byte[] {1}, SecurePair.read(pair.responder(), 1));
            assertNull(pair.responder().read());
            assertNull(pair.responder().read());
            assertThrows(IOException.class, () -> pair.initiator().read());
            assertThrows(IOException.class, () -> SecurePair.write(pair.initiator(), new byte[] {1}));
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void endThatIsNotAnnouncedIsNullToo(String protocol) throws Exception {
        try (Loopback wire = Loopback.open(); SecurePair pair = SecurePair.open(protocol, wire.dialer(), wire.listener())) {
            wire.send(new byte[] {23, 3, 3, 1});
            wire.dialer().shutdownOutput();
            assertNull(pair.responder().read());
            assertEquals(0, pair.pool().lent());
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void tamperedRecordKillsTheConnection(String protocol) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Wire.Tap tamper = (from, to) -> {
            byte[] piece = new byte[100_000];
            int count;
            while ((count = from.read(piece)) >= 0) {
                // a whole record in one piece: the first large one after the handshake
                if (count > 3000 && done.compareAndSet(false, true)) {
                    piece[count - 20] ^= 1;
                }
                to.write(piece, 0, count);
            }
        };
        try (Wire wire = Wire.open(tamper, Wire.faithfully());
                SecurePair pair = SecurePair.open(protocol, wire.dialer(), wire.listener())) {
            SecurePair.write(pair.initiator(), new byte[4000]);
            IOException failure = assertThrows(IOException.class, () -> pair.responder().read());
            SecurePair.write(pair.initiator(), new byte[4000]);
            assertSame(failure, assertThrows(IOException.class, () -> pair.responder().read()));
            assertEquals(0, pair.pool().lent());
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void garbageAfterTheHandshakeKillsTheConnection(String protocol) throws Exception {
        for (byte[] garbage : List.of(new byte[64], "GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(), new byte[] {23, 3, 3, 0, 1, 0},
                new byte[] {0, 15, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, new byte[] {0, 3, 3, (byte) 0xff, (byte) 0xff})) {
            try (Loopback wire = Loopback.open(); SecurePair pair = SecurePair.open(protocol, wire.dialer(), wire.listener())) {
                wire.send(garbage);
                wire.dialer().shutdownOutput();
                try {
                    assertNull(pair.responder().read());
                } catch (IOException expected) {
                    // refused at sight; null where it could still have become a record
                }
                assertEquals(0, pair.pool().lent());
            }
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void closeNeverWaitsForAPeerWhoDoesNotRead(String protocol) throws Exception {
        try (SecurePair pair = SecurePair.open(protocol)) {
            FutureTask<byte[]> writer = Loopback.start(() -> send(pair.initiator(), 4));
            // the writer fills both socket buffers and blocks; nobody reads
            pair.initiator().close();
            assertThrows(IOException.class, () -> SecurePair.get(writer));
        }
    }

    private static byte[] send(SecureChannel channel, long seed) throws Exception {
        Random random = new Random(seed);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] bytes = new byte[SecureChannel.MAXIMUM_PLAINTEXT];
        int left = TRANSFER_BYTES;
        while (left > 0) {
            int length = Math.min(left, 1 + random.nextInt(bytes.length));
            random.nextBytes(bytes);
            digest.update(bytes, 0, length);
            SecurePair.write(channel, Arrays.copyOf(bytes, length));
            left -= length;
        }
        return digest.digest();
    }

    private static byte[] receive(SecureChannel channel) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        int left = TRANSFER_BYTES;
        while (left > 0) {
            Segment segment = channel.read();
            digest.update(segment.buffer().bytes, segment.offset(), segment.length());
            segment.buffer().release();
            left -= segment.length();
        }
        return digest.digest();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
