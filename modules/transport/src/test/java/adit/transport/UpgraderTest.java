package adit.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import adit.identity.PrivateKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class UpgraderTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = new byte[4096];
    private static final List<String> NO_MUXERS = List.of();
    private static final List<String> OTHER_MUXERS = List.of("/mplex/6.7.0");

    private final BufferPool pool = new BufferPool(4);

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void bothLearnWhomTheyTalkToAndAgreeOnTheMuxerEarly(String protocol) throws Exception {
        try (SecurePair pair = SecurePair.open(protocol)) {
            assertEquals(SecurePair.LISTENER.publicKey(), pair.initiator().remoteKey());
            assertEquals(SecurePair.DIALER.publicKey(), pair.responder().remoteKey());
            for (SecureChannel channel : List.of(pair.initiator(), pair.responder())) {
                assertEquals(protocol, channel.protocol());
                assertEquals(Optional.of("/yamux/1.0.0"), channel.earlyMuxer());
            }
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void roleDoesNotDependOnWhoConnected(String protocol) throws Exception {
        Loopback wire = Loopback.open();
        try (SecurePair pair = SecurePair.open(protocol, wire.listener(), wire.dialer())) {
            SecurePair.write(pair.initiator(), HELLO);
            assertArrayEquals(HELLO, SecurePair.read(pair.responder(), HELLO.length));
        }
    }

    @Test void initiatorsOrderDecides() throws Exception {
        assertEquals("/noise", negotiate(List.of("/noise", "/tls/1.0.0"), List.of("/tls/1.0.0", "/noise")));
        assertEquals("/tls/1.0.0", negotiate(List.of("/tls/1.0.0", "/noise"), List.of("/noise", "/tls/1.0.0")));
        assertEquals("/noise", negotiate(List.of("/tls/1.0.0", "/noise"), List.of("/noise")));
    }

    @Test void withoutACommonProtocolBothSaySo() throws Exception {
        try (Loopback wire = Loopback.open()) {
            FutureTask<SecureChannel> responder = Loopback.start(() -> respond(wire.listener(), "/noise"));
            assertThrows(ProtocolNotSupportedException.class, () -> initiate(wire.dialer(), null, "/tls/1.0.0"));
            assertFalse(wire.dialer().isOpen());
            assertThrows(ProtocolNotSupportedException.class, () -> SecurePair.get(responder));
            assertFalse(wire.listener().isOpen());
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void unexpectedPeerIsRefusedBeforeItLearnsAnything(String protocol) throws Exception {
        PeerId expected = PrivateKey.generate().peerId();
        try (Loopback wire = Loopback.open()) {
            FutureTask<SecureChannel> responder = Loopback.start(() -> respond(wire.listener(), protocol));
            var e = assertThrows(PeerMismatchException.class, () -> initiate(wire.dialer(), expected, protocol));
            assertTrue(e.getMessage().contains(expected.toString()), e.getMessage());
            assertTrue(e.getMessage().contains(SecurePair.LISTENER.peerId().toString()), e.getMessage());
            assertThrows(IOException.class, () -> SecurePair.get(responder));
            assertEquals(0, pool.lent());
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void unexpectedInitiatorIsRefusedWhereItIsKnown(String protocol) throws Exception {
        PeerId expected = PrivateKey.generate().peerId();
        try (Loopback wire = Loopback.open()) {
            FutureTask<SecureChannel> responder = Loopback.start(
                    () -> SecurePair.upgrader(SecurePair.LISTENER, pool, protocol).secure(wire.listener(), Role.RESPONDER, expected));
            FutureTask<Segment> initiator = Loopback.start(() -> initiate(wire.dialer(), null, protocol).read());
            assertThrows(PeerMismatchException.class, () -> SecurePair.get(responder));
            // it hears of it at the latest here: by an alert, or by the end
            assertEnds(initiator);
        }
    }

    // ---- muxers

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void responderWithoutEarlyMuxerIsAskedByMultistream(String protocol) throws Exception {
        try (Loopback wire = Loopback.open()) {
            FutureTask<SecureChannel> initiator = Loopback.start(() -> initiate(wire.dialer(), null, protocol));
            SecureChannel peer = script(wire.listener(), Role.RESPONDER, protocol, NO_MUXERS);
            SecurePair.write(peer, join("\u0013/multistream/1.0.0\n", "\r/yamux/1.0.0\n", "hello"));
            SecureChannel channel = SecurePair.get(initiator);
            assertEquals(Optional.empty(), channel.earlyMuxer());
            assertArrayEquals(HELLO, SecurePair.read(channel, HELLO.length));
            assertArrayEquals(Multistream.proposal("/yamux/1.0.0"), SecurePair.read(peer, 34));
            SecurePair.write(channel, HELLO.clone());
            assertArrayEquals(HELLO, SecurePair.read(peer, HELLO.length));
            channel.close();
            assertEquals(0, pool.lent());
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void initiatorWithoutEarlyMuxerIsAnsweredByMultistream(String protocol) throws Exception {
        try (Loopback wire = Loopback.open()) {
            FutureTask<SecureChannel> responder = Loopback.start(() -> respond(wire.listener(), protocol));
            SecureChannel peer = script(wire.dialer(), Role.INITIATOR, protocol, NO_MUXERS);
            SecurePair.write(peer, join("\u0013/multistream/1.0.0\n", "\r/yamux/1.0.0\n", "hello"));
            SecureChannel channel = SecurePair.get(responder);
            assertArrayEquals(HELLO, SecurePair.read(channel, HELLO.length));
            assertArrayEquals(Multistream.proposal("/yamux/1.0.0"), SecurePair.read(peer, 34));
            channel.close();
            assertEquals(0, pool.lent());
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void whatArrivedWithTheAnswerIsGivenBackByClose(String protocol) throws Exception {
        try (Loopback wire = Loopback.open()) {
            FutureTask<SecureChannel> responder = Loopback.start(() -> respond(wire.listener(), protocol));
            SecureChannel peer = script(wire.dialer(), Role.INITIATOR, protocol, NO_MUXERS);
            SecurePair.write(peer, join("\u0013/multistream/1.0.0\n", "\r/yamux/1.0.0\n", "hello"));
            SecurePair.get(responder).close();
            assertEquals(0, pool.lent());
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void peerWithoutYamuxIsRefused(String protocol) throws Exception {
        for (Role role : Role.values()) {
            try (Loopback wire = Loopback.open()) {
                FutureTask<SecureChannel> refusing = Loopback.start(() -> role == Role.INITIATOR
                        ? respond(wire.dialer(), protocol) : initiate(wire.dialer(), null, protocol));
                FutureTask<Void> peer = Loopback.start(() -> {
                    SecureChannel channel = script(wire.listener(), role, protocol, OTHER_MUXERS);
                    // tls leaves a second chance: the ALPN name without a muxer
                    if (role == Role.INITIATOR) {
                        SecurePair.write(channel, join("\u0013/multistream/1.0.0\n", "\r/mplex/6.7.0\n"));
                        wire.listener().shutdownOutput();
                    } else {
                        SecurePair.write(channel, join("\u0013/multistream/1.0.0\n", "\u0003na\n"));
                    }
                    return null;
                });
                assertThrows(ProtocolNotSupportedException.class, () -> SecurePair.get(refusing));
                assertFalse(wire.dialer().isOpen());
                assertEnds(peer);
                assertEquals(0, pool.lent());
            }
        }
    }

    // ---- hostile middlemen

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void handshakeCutOffAnywhereEndsOnBothSides(String protocol) throws Exception {
        for (int bytes = 0; bytes < 1500; bytes += bytes < 60 ? 3 : 97) {
            assertFalse(exchange(protocol, Wire.cutAfter(bytes), Wire.faithfully()));
            assertFalse(exchange(protocol, Wire.faithfully(), Wire.cutAfter(bytes)));
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void garbageAnywhereInTheHandshakeEndsItOnBothSides(String protocol) throws Exception {
        Random random = new Random(1);
        byte[] garbage = new byte[100_000];
        for (int bytes = 0; bytes < 600; bytes += bytes < 60 ? 7 : 41) {
            random.nextBytes(garbage);
            assertFalse(exchange(protocol, Wire.replaceFrom(bytes, garbage), Wire.faithfully()));
            assertFalse(exchange(protocol, Wire.faithfully(), Wire.replaceFrom(bytes, garbage)));
        }
    }

    @ParameterizedTest @ValueSource(strings = {"/tls/1.0.0", "/noise"})
    void changedBitInTheHandshakeNeverChangesData(String protocol) throws Exception {
        // past the first length: a message made longer is waited for, until the caller's time is up
        int start = Multistream.proposal(protocol).length + (protocol.equals("/noise") ? 2 : 5);
        int noticed = 0;
        for (int position = start; position < start + 190; position += 19) {
            noticed += exchange(protocol, Wire.tamperAt(position), Wire.faithfully()) ? 0 : 1;
            noticed += exchange(protocol, Wire.faithfully(), Wire.tamperAt(position)) ? 0 : 1;
        }
        assertEquals(20, noticed);
    }

    /** False when a side failed; both sides end in any case, with nothing leaked. */
    private boolean exchange(String protocol, Wire.Tap towardListener, Wire.Tap towardDialer) throws Exception {
        try (Wire wire = Wire.open(towardListener, towardDialer)) {
            FutureTask<byte[]> responder = Loopback.start(() -> talk(respond(wire.listener(), protocol)));
            FutureTask<byte[]> initiator = Loopback.start(() -> talk(initiate(wire.dialer(), null, protocol)));
            boolean intact = true;
            for (FutureTask<byte[]> side : List.of(responder, initiator)) {
                try {
                    byte[] received = SecurePair.get(side);
                    assertArrayEquals(Arrays.copyOf(DATA, received.length), received);
                    intact &= received.length == DATA.length;
                } catch (IOException expected) {
                    intact = false;
                }
            }
            assertEquals(0, pool.lent());
            return intact;
        }
    }

    private static byte[] talk(SecureChannel channel) throws IOException {
        try (channel) {
            SecurePair.write(channel, DATA);
            return SecurePair.read(channel, DATA.length);
        }
    }

    private static void assertEnds(FutureTask<?> task) throws Exception {
        try {
            assertEquals(null, SecurePair.get(task));
        } catch (IOException expected) {
            // an error or the end, each will do
        }
    }

    // ---- sides

    private String negotiate(List<String> initiator, List<String> responder) throws Exception {
        try (Loopback wire = Loopback.open()) {
            FutureTask<SecureChannel> answering = Loopback.start(() -> respond(wire.listener(), responder.toArray(String[]::new)));
            String protocol = initiate(wire.dialer(), null, initiator.toArray(String[]::new)).protocol();
            assertEquals(protocol, SecurePair.get(answering).protocol());
            return protocol;
        }
    }

    private SecureChannel respond(ByteChannel raw, String... protocols) throws IOException {
        return SecurePair.upgrader(SecurePair.LISTENER, pool, protocols).secure(raw, Role.RESPONDER, null);
    }

    private SecureChannel initiate(ByteChannel raw, PeerId expected, String... protocols) throws IOException {
        return SecurePair.upgrader(SecurePair.DIALER, pool, protocols).secure(raw, Role.INITIATOR, expected);
    }

    /** A peer with other muxers, who leaves what comes after the handshake to the test. */
    private static SecureChannel script(ByteChannel raw, Role role, String protocol, List<String> muxers) throws IOException {
        BufferPool own = new BufferPool(1);
        PrivateKey identity = PrivateKey.generate();
        ChannelInput in = new ChannelInput(raw);
        ChannelOutput out = new ChannelOutput(raw);
        if (role == Role.INITIATOR) {
            Multistream.propose(in, out, List.of(protocol));
        } else {
            Multistream.accept(in, out, protocol::equals);
        }
        return protocol.equals("/noise") ? new NoiseHandshake(identity, muxers, own).perform(raw, role, null)
                : new TlsHandshake(identity, muxers, false, own).perform(raw, role, null);
    }

    private static byte[] join(String... texts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String text : texts) {
            bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }
}
