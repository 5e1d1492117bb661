package adit.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.multiformats.MalformedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(20)
class NoiseHandshakeStateTest {
    private static final int HANDSHAKE_MESSAGES = 3;

    private record Message(byte[] payload, byte[] ciphertext) {}

    private record Vector(String name, Map<String, byte[]> keys, List<Message> messages) {
        NoiseHandshakeState state(Role role) {
            String side = role == Role.INITIATOR ? "init_" : "resp_";
            return new NoiseHandshakeState(role, keys.get(side + "static"), keys.get(side + "ephemeral"), keys.get(side + "prologue"));
        }

        @Override public String toString() {
            return name;
        }
    }

    @ParameterizedTest @MethodSource("vectors")
    void bothSidesFollowTheVector(Vector vector) throws IOException {
        NoiseHandshakeState initiator = vector.state(Role.INITIATOR);
        NoiseHandshakeState responder = vector.state(Role.RESPONDER);
        for (int i = 0; i < HANDSHAKE_MESSAGES; i++) {
            Message message = vector.messages().get(i);
            NoiseHandshakeState sender = i % 2 == 0 ? initiator : responder;
            NoiseHandshakeState receiver = i % 2 == 0 ? responder : initiator;
            assertArrayEquals(message.ciphertext(), sender.writeMessage(message.payload()));
            assertArrayEquals(message.payload(), receiver.readMessage(message.ciphertext()));
        }
        assertArrayEquals(NoiseHandshakeState.publicKey(vector.keys().get("resp_static")), initiator.remoteStatic());
        assertArrayEquals(NoiseHandshakeState.publicKey(vector.keys().get("init_static")), responder.remoteStatic());
        // after three messages the responder's turn comes first
        NoiseCipher[] sending = {responder.sendingCipher(), initiator.sendingCipher()};
        NoiseCipher[] receiving = {initiator.receivingCipher(), responder.receivingCipher()};
        for (int i = HANDSHAKE_MESSAGES; i < vector.messages().size(); i++) {
            Message message = vector.messages().get(i);
            int turn = (i - HANDSHAKE_MESSAGES) % 2;
            byte[] buffer = Arrays.copyOf(message.payload(), message.payload().length + NoiseCipher.TAG_BYTES);
            int sealed = sending[turn].seal(NoiseCipher.NO_DATA, buffer, 0, message.payload().length, buffer, 0);
            assertArrayEquals(message.ciphertext(), Arrays.copyOf(buffer, sealed));
            int opened = receiving[turn].open(NoiseCipher.NO_DATA, buffer, 0, sealed, buffer, 0);
            assertArrayEquals(message.payload(), Arrays.copyOf(buffer, opened));
        }
    }

    @Test void plaintextMayMoveForwardWithinTheBufferWhileItIsOpened() throws IOException {
        byte[] key = new byte[32];
        for (int length : new int[] {0, 1, 15, 16, 63, 64, 65, 1024, 4097, 65_519}) {
            for (int distance : new int[] {1, 2, 18, 100}) {
                byte[] buffer = new byte[distance + length + NoiseCipher.TAG_BYTES];
                Arrays.fill(buffer, distance, distance + length, (byte) 42);
                cipher(key, 0).seal(NoiseCipher.NO_DATA, buffer, distance, length, buffer, distance);
                assertEquals(length, cipher(key, 0).open(NoiseCipher.NO_DATA, buffer, distance, buffer.length - distance, buffer, 0));
                for (int i = 0; i < length; i++) {
                    assertEquals(42, buffer[i]);
                }
            }
        }
    }

    @Test void lastNonceIsNeverUsed() throws IOException {
        NoiseCipher cipher = cipher(new byte[32], -2);
        byte[] buffer = new byte[32];
        cipher.seal(NoiseCipher.NO_DATA, buffer, 0, 16, buffer, 0);
        assertThrows(IOException.class, () -> cipher.seal(NoiseCipher.NO_DATA, buffer, 0, 16, buffer, 0));
    }

    @Test void publicKeysOfSmallOrderAreRefused() {
        for (String key : List.of("00".repeat(32), "01" + "00".repeat(31),
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")) {
            NoiseHandshakeState responder = state(Role.RESPONDER);
            assertThrows(MalformedException.class, () -> {
                responder.readMessage(HexFormat.of().parseHex(key));
                responder.writeMessage(new byte[0]);
            });
        }
    }

    @Test void everyChangedBitIsNoticed() throws IOException {
        NoiseHandshakeState responder = state(Role.RESPONDER);
        responder.readMessage(fixedInitiator().writeMessage(new byte[0]));
        byte[] answer = responder.writeMessage(new byte[] {1, 2, 3});
        for (int bit = 0; bit < 8 * answer.length; bit++) {
            byte[] changed = answer.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            NoiseHandshakeState reader = fixedInitiator();
            reader.writeMessage(new byte[0]);
            assertThrows(IOException.class, () -> reader.readMessage(changed));
        }
    }

    @Test void everyTruncationIsNoticed() throws IOException {
        NoiseHandshakeState responder = state(Role.RESPONDER);
        responder.readMessage(fixedInitiator().writeMessage(new byte[0]));
        byte[] answer = responder.writeMessage(new byte[] {1, 2, 3});
        for (int length = 0; length < answer.length; length++) {
            byte[] part = Arrays.copyOf(answer, length);
            NoiseHandshakeState reader = fixedInitiator();
            reader.writeMessage(new byte[0]);
            assertThrows(IOException.class, () -> reader.readMessage(part));
        }
    }

    static List<Vector> vectors() throws IOException {
        List<Vector> vectors = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                NoiseHandshakeStateTest.class.getResourceAsStream("noise-vectors.txt"), StandardCharsets.US_ASCII))) {
            for (String line : lines.lines().filter(text -> !text.isEmpty() && !text.startsWith("#")).toList()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "vector" -> vectors.add(new Vector(words[1], new HashMap<>(), new ArrayList<>()));
                    case "message" -> vectors.getLast().messages().add(new Message(hex(words[1]), hex(words[2])));
                    default -> vectors.getLast().keys().put(words[0], hex(words[1]));
                }
            }
        }
        assertEquals(2, vectors.size());
        vectors.forEach(vector -> assertTrue(vector.messages().size() > HANDSHAKE_MESSAGES, vector.name()));
        return vectors;
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static NoiseCipher cipher(byte[] key, long nonce) {
        NoiseCipher cipher = new NoiseCipher();
        cipher.initializeKey(key);
        cipher.setNonce(nonce);
        return cipher;
    }

    private static NoiseHandshakeState state(Role role) {
        SecureRandom random = new SecureRandom();
        return new NoiseHandshakeState(role, NoiseHandshakeState.generatePrivateKey(random), random);
    }

    private static NoiseHandshakeState fixedInitiator() {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 7);
        return new NoiseHandshakeState(Role.INITIATOR, key, key, new byte[0]);
    }
}
