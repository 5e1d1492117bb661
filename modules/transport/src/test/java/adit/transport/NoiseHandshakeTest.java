package adit.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import adit.multiformats.ProtobufWriter;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class NoiseHandshakeTest {
    private static final List<String> MUXERS = List.of("/yamux/1.0.0");
    private static final byte[] NOTHING = {};

    private final PrivateKey identity = PrivateKey.generate();
    private final BufferPool pool = new BufferPool(2);
    private final SecureRandom random = new SecureRandom();
    private final byte[] staticKey = NoiseHandshakeState.generatePrivateKey(random);

    @Test void staticKeySignedByAnotherIdentityIsRefused() throws Exception {
        byte[] honest = NoisePayload.sign(PrivateKey.generate(), NoiseHandshakeState.publicKey(staticKey), MUXERS).encode();
        NoisePayload payload = NoisePayload.decode(honest);
        NoisePayload stolen = new NoisePayload(identity.publicKey().toProtobuf(), payload.identitySignature(), MUXERS);
        byte[] otherKey = NoiseHandshakeState.publicKey(NoiseHandshakeState.generatePrivateKey(random));
        NoisePayload replayed = NoisePayload.sign(identity, otherKey, MUXERS);
        for (byte[] bad : List.of(stolen.encode(), replayed.encode(), NOTHING, new byte[] {10}, new byte[] {10, 2, 8, 1, 18, 0})) {
            try (Loopback wire = Loopback.open()) {
                FutureTask<NoiseChannel> responder = Loopback.start(() -> respond(wire.listener()));
                NoiseHandshakeState state = new NoiseHandshakeState(Role.INITIATOR, staticKey, random);
                send(wire, state.writeMessage(NOTHING));
                state.readMessage(receive(wire));
                send(wire, state.writeMessage(bad));
                assertThrows(MalformedException.class, () -> SecurePair.get(responder));
            }
        }
    }

    @Test void payloadOfTheFirstMessageIsIgnored() throws Exception {
        try (Loopback wire = Loopback.open()) {
            FutureTask<NoiseChannel> responder = Loopback.start(() -> respond(wire.listener()));
            NoiseHandshakeState state = new NoiseHandshakeState(Role.INITIATOR, staticKey, random);
            send(wire, state.writeMessage("anything".getBytes()));
            state.readMessage(receive(wire));
            send(wire, state.writeMessage(NoisePayload.sign(identity, NoiseHandshakeState.publicKey(staticKey), MUXERS).encode()));
            assertEquals(identity.publicKey(), SecurePair.get(responder).remoteKey());
        }
    }

    @Test void unknownFieldsOfThePayloadAreIgnored() throws Exception {
        NoisePayload payload = NoisePayload.sign(identity, NoiseHandshakeState.publicKey(staticKey), MUXERS);
        ProtobufWriter extensions = new ProtobufWriter().bytes(1, new byte[] {1, 2}).string(2, "/yamux/1.0.0").varint(1024, 5);
        byte[] encoded = new ProtobufWriter().bytes(1, payload.identityKey()).bytes(2, payload.identitySignature())
                .bytes(3, new byte[] {1}).message(4, extensions).varint(9, 1).toBytes();
        NoisePayload decoded = NoisePayload.decode(encoded);
        assertEquals(MUXERS, decoded.muxers());
        assertEquals(identity.publicKey(), decoded.verify(NoiseHandshakeState.publicKey(staticKey)));
    }

    @Test void oversizeMessageIsRefusedBeforeItIsRead() throws Exception {
        try (Loopback wire = Loopback.open()) {
            FutureTask<NoiseChannel> responder = Loopback.start(() -> respond(wire.listener()));
            wire.send(new byte[] {0x20, 1});
            assertThrows(MalformedException.class, () -> SecurePair.get(responder));
        }
    }

    @Test void emptyMessageIsRefused() throws Exception {
        try (Loopback wire = Loopback.open()) {
            FutureTask<NoiseChannel> responder = Loopback.start(() -> respond(wire.listener()));
            wire.send(new byte[] {0, 0});
            assertThrows(MalformedException.class, () -> SecurePair.get(responder));
        }
    }

    @Test void emptyRecordsAreSkipped() throws Exception {
        try (SecurePair pair = SecurePair.open("/noise")) {
            for (int i = 0; i < 5000; i++) {
                SecurePair.write(pair.initiator(), NOTHING);
            }
            SecurePair.write(pair.initiator(), new byte[] {1});
            assertArrayEquals(new byte[] {1}, SecurePair.read(pair.responder(), 1));
            assertEquals(0, pair.pool().lent());
        }
    }

    @Test void recordWithoutRoomForItsTagIsRefused() throws Exception {
        try (Loopback wire = Loopback.open(); SecurePair pair = SecurePair.open("/noise", wire.dialer(), wire.listener())) {
            wire.send(new byte[] {0, 15});
            assertThrows(MalformedException.class, () -> pair.responder().read());
        }
    }

    @Test void recordsCannotBeSwappedOrRepeated() throws Exception {
        NoiseHandshakeState[] states = finished();
        NoiseCipher sending = states[0].sendingCipher();
        byte[] first = new byte[20];
        byte[] second = new byte[20];
        sending.seal(NoiseCipher.NO_DATA, first, 0, 4, first, 0);
        sending.seal(NoiseCipher.NO_DATA, second, 0, 4, second, 0);
        assertThrows(IOException.class,
                () -> states[1].receivingCipher().open(NoiseCipher.NO_DATA, second, 0, 20, new byte[20], 0));
        NoiseCipher receiving = states[1].receivingCipher();
        receiving.open(NoiseCipher.NO_DATA, first, 0, 20, new byte[20], 0);
        assertThrows(IOException.class, () -> receiving.open(NoiseCipher.NO_DATA, first, 0, 20, new byte[20], 0));
    }

    @FuzzTest
    void anyPayloadIsJudgedOrRefused(byte[] input) {
        try {
            NoisePayload.decode(input).verify(new byte[32]);
        } catch (IOException expected) {
            // the only way to fail
        }
    }

    @FuzzTest
    void anyBytesSentToAResponderEndInAnIOException(byte[] input) {
        assertThrows(IOException.class, () -> respond(new Script(input)));
    }

    private NoiseChannel respond(ByteChannel raw) throws IOException {
        return new NoiseHandshake(SecurePair.LISTENER, MUXERS, pool).perform(raw, Role.RESPONDER, null);
    }

    private NoiseHandshakeState[] finished() throws IOException {
        NoiseHandshakeState initiator = new NoiseHandshakeState(Role.INITIATOR, staticKey, random);
        NoiseHandshakeState responder = new NoiseHandshakeState(Role.RESPONDER, staticKey, random);
        responder.readMessage(initiator.writeMessage(NOTHING));
        initiator.readMessage(responder.writeMessage(NOTHING));
        responder.readMessage(initiator.writeMessage(NOTHING));
        return new NoiseHandshakeState[] {initiator, responder};
    }

    private static void send(Loopback wire, byte[] message) throws IOException {
        wire.send(new byte[] {(byte) (message.length >> 8), (byte) message.length});
        wire.send(message);
    }

    private static byte[] receive(Loopback wire) throws IOException {
        byte[] length = wire.dialerInput().readNBytes(2);
        if (length.length < 2) {
            throw new EOFException();
        }
        return wire.dialerInput().readNBytes((length[0] & 0xff) << 8 | length[1] & 0xff);
    }

    /** A peer who sends what the fuzzer wrote and listens to nothing. */
    private static final class Script implements ByteChannel {
        private final ByteBuffer bytes;

        Script(byte[] bytes) {
            this.bytes = ByteBuffer.wrap(bytes);
        }

        @Override public int read(ByteBuffer into) {
            if (!bytes.hasRemaining() && into.hasRemaining()) {
                return -1;
            }
            int count = Math.min(into.remaining(), bytes.remaining());
            into.put(Arrays.copyOfRange(bytes.array(), bytes.position(), bytes.position() + count));
            bytes.position(bytes.position() + count);
            return count;
        }

        @Override public int write(ByteBuffer from) {
            int count = from.remaining();
            from.position(from.limit());
            return count;
        }

        @Override public boolean isOpen() {
            return true;
        }

        @Override public void close() {}
    }
}
