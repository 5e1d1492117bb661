package adit.transport;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** CipherState of the Noise Protocol Framework (revision 34, section 5.1) with ChaCha20-Poly1305. Not thread-safe. */
final class NoiseCipher {
    /** Bytes that sealing adds: the authentication tag. */
    static final int TAG_BYTES = 16;

    /** The associated data of every message after the handshake. */
    static final byte[] NO_DATA = {};

    /** Reserved by section 5.1; no nonce is ever used twice, so with it the connection ends. */
    private static final long LAST_NONCE = -1;

    private final Cipher cipher;
    private final byte[] iv = new byte[12];
    private SecretKeySpec key;
    private long nonce;

    NoiseCipher() {
        try {
            cipher = Cipher.getInstance("ChaCha20-Poly1305");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has ChaCha20-Poly1305", e);
        }
    }

    /** InitializeKey: takes over a copy of the first 32 bytes and starts counting. */
    void initializeKey(byte[] bytes) {
        key = new SecretKeySpec(bytes, 0, 32, "ChaCha20");
        nonce = 0;
    }

    /** For the test of the end: 2^64 records take too long. */
    void setNonce(long value) {
        nonce = value;
    }

    boolean hasKey() {
        return key != null;
    }

    /** EncryptWithAd, where source and destination may overlap; returns length plus {@link #TAG_BYTES}. */
    int seal(byte[] associated, byte[] from, int offset, int length, byte[] into, int intoOffset) throws IOException {
        return process(Cipher.ENCRYPT_MODE, associated, from, offset, length, into, intoOffset);
    }

    /**
     * DecryptWithAd, where source and destination may overlap; returns the length without {@link #TAG_BYTES}.
     *
     * @throws IOException the bytes are not what the remote peer sealed next
     */
    int open(byte[] associated, byte[] from, int offset, int length, byte[] into, int intoOffset) throws IOException {
        return process(Cipher.DECRYPT_MODE, associated, from, offset, length, into, intoOffset);
    }

    private int process(int mode, byte[] associated, byte[] from, int offset, int length, byte[] into, int intoOffset)
            throws IOException {
        if (nonce == LAST_NONCE) {
            throw new IOException("noise: all nonces are used up");
        }
        try {
            cipher.init(mode, key, nextIv());
            if (associated.length > 0) {
                cipher.updateAAD(associated);
            }
            return cipher.doFinal(from, offset, length, into, intoOffset);
        } catch (AEADBadTagException e) {
            throw new IOException("noise: forged or damaged message", e);
        } catch (GeneralSecurityException e) {
            throw new IOException("noise: " + e.getMessage(), e);
        }
    }

    /* 4 bytes of zeros, then the counter, little-endian (section 12.3) */
    private IvParameterSpec nextIv() {
        for (int i = 0; i < Long.BYTES; i++) {
            iv[4 + i] = (byte) (nonce >>> 8 * i);
        }
        nonce++;
        return new IvParameterSpec(iv);
    }
}
