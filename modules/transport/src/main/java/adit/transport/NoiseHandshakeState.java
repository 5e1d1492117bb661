package adit.transport;

import adit.multiformats.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * HandshakeState and SymmetricState of Noise_XX_25519_ChaChaPoly_SHA256 (Noise Protocol Framework revision 34, sections
 * 5.2 and 5.3). Pure: messages go in and come out as bytes. Three messages alternate, the initiator's first; a failure
 * leaves the state unusable.
 */
final class NoiseHandshakeState {
    /** Length of a public key, a private key, a shared secret and a hash. */
    static final int KEY_BYTES = 32;

    private static final byte[] PROTOCOL_NAME = "Noise_XX_25519_ChaChaPoly_SHA256".getBytes(StandardCharsets.US_ASCII);

    private enum Token { E, S, EE, ES, SE }

    private static final List<List<Token>> XX =
            List.of(List.of(Token.E), List.of(Token.E, Token.EE, Token.S, Token.ES), List.of(Token.S, Token.SE));

    private final Role role;
    private final byte[] localStatic;
    private final byte[] localEphemeral;
    private byte[] remoteStatic;
    private byte[] remoteEphemeral;
    private byte[] chainingKey = PROTOCOL_NAME;
    private byte[] hash = PROTOCOL_NAME;
    private final NoiseCipher cipher = new NoiseCipher();
    private int messages;

    /** @param localStatic X25519 private key */
    NoiseHandshakeState(Role role, byte[] localStatic, SecureRandom random) {
        this(role, localStatic, generatePrivateKey(random), new byte[0]);
    }

    /** For test vectors, which fix the ephemeral key. */
    NoiseHandshakeState(Role role, byte[] localStatic, byte[] localEphemeral, byte[] prologue) {
        this.role = role;
        this.localStatic = localStatic;
        this.localEphemeral = localEphemeral;
        mixHash(prologue);
    }

    static byte[] generatePrivateKey(SecureRandom random) {
        byte[] key = new byte[KEY_BYTES];
        X25519.generatePrivateKey(random, key);
        return key;
    }

    static byte[] publicKey(byte[] privateKey) {
        byte[] key = new byte[KEY_BYTES];
        X25519.generatePublicKey(privateKey, 0, key, 0);
        return key;
    }

    /** The remote peer's static public key, known after its second (responder: first) message. */
    byte[] remoteStatic() {
        return remoteStatic;
    }

    byte[] writeMessage(byte[] payload) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (Token token : XX.get(messages++)) {
            switch (token) {
                case E -> {
                    byte[] key = publicKey(localEphemeral);
                    mixHash(key);
                    message.writeBytes(key);
                }
                case S -> message.writeBytes(encryptAndHash(publicKey(localStatic)));
                default -> mixKey(sharedSecret(token));
            }
        }
        message.writeBytes(encryptAndHash(payload));
        return message.toByteArray();
    }

    /**
     * Returns the payload.
     *
     * @throws IOException the message is too short, or was not made by who made the messages before
     */
    byte[] readMessage(byte[] message) throws IOException {
        int at = 0;
        for (Token token : XX.get(messages++)) {
            switch (token) {
                case E -> {
                    remoteEphemeral = part(message, at, KEY_BYTES);
                    at += KEY_BYTES;
                    mixHash(remoteEphemeral);
                }
                case S -> {
                    int length = KEY_BYTES + NoiseCipher.TAG_BYTES;
                    remoteStatic = decryptAndHash(part(message, at, length));
                    at += length;
                }
                default -> mixKey(sharedSecret(token));
            }
        }
        return decryptAndHash(part(message, at, message.length - at));
    }

    /** Split, first half: the cipher for what we send. After the third message. */
    NoiseCipher sendingCipher() {
        return split(role == Role.INITIATOR ? 0 : 1);
    }

    /** Split, second half: the cipher for what we receive. After the third message. */
    NoiseCipher receivingCipher() {
        return split(role == Role.INITIATOR ? 1 : 0);
    }

    private NoiseCipher split(int output) {
        NoiseCipher half = new NoiseCipher();
        half.initializeKey(deriveKeys(new byte[0])[output]);
        return half;
    }

    private byte[] sharedSecret(Token token) throws MalformedException {
        boolean initiator = role == Role.INITIATOR;
        boolean ourStatic = token == (initiator ? Token.SE : Token.ES);
        boolean theirStatic = token == (initiator ? Token.ES : Token.SE);
        byte[] secret = new byte[KEY_BYTES];
        // All zeros come from a public key of small order: then the secret would be no secret (RFC 7748 section 6.1).
        if (!X25519.calculateAgreement(ourStatic ? localStatic : localEphemeral, 0,
                theirStatic ? remoteStatic : remoteEphemeral, 0, secret, 0)) {
            throw new MalformedException("noise: the remote peer's key has small order");
        }
        return secret;
    }

    private void mixKey(byte[] secret) {
        byte[][] keys = deriveKeys(secret);
        chainingKey = keys[0];
        cipher.initializeKey(keys[1]);
    }

    private void mixHash(byte[] data) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(hash);
            hash = digest.digest(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private byte[] encryptAndHash(byte[] plaintext) throws IOException {
        byte[] ciphertext = plaintext;
        if (cipher.hasKey()) {
            ciphertext = new byte[plaintext.length + NoiseCipher.TAG_BYTES];
            cipher.seal(hash, plaintext, 0, plaintext.length, ciphertext, 0);
        }
        mixHash(ciphertext);
        return ciphertext;
    }

    private byte[] decryptAndHash(byte[] ciphertext) throws IOException {
        byte[] plaintext = ciphertext;
        if (cipher.hasKey()) {
            if (ciphertext.length < NoiseCipher.TAG_BYTES) {
                throw tooShort();
            }
            plaintext = new byte[ciphertext.length - NoiseCipher.TAG_BYTES];
            cipher.open(hash, ciphertext, 0, ciphertext.length, plaintext, 0);
        }
        mixHash(ciphertext);
        return plaintext;
    }

    /** HKDF with two outputs (section 4.3). */
    private byte[][] deriveKeys(byte[] material) {
        byte[] temporary = authenticate(chainingKey, material);
        byte[] first = authenticate(temporary, new byte[] {1});
        byte[] second = Arrays.copyOf(first, first.length + 1);
        second[first.length] = 2;
        return new byte[][] {first, authenticate(temporary, second)};
    }

    private static byte[] authenticate(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static byte[] part(byte[] message, int from, int length) throws MalformedException {
        if (length > message.length - from) {
            throw tooShort();
        }
        return Arrays.copyOfRange(message, from, from + length);
    }

    private static MalformedException tooShort() {
        return new MalformedException("noise: handshake message is too short");
    }
}
