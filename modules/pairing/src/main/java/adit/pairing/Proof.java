package adit.pairing;

import adit.identity.PeerId;
import adit.multiformats.Multibase;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.agreement.jpake.JPAKEParticipant;
import org.bouncycastle.crypto.agreement.jpake.JPAKEPrimeOrderGroup;
import org.bouncycastle.crypto.agreement.jpake.JPAKEPrimeOrderGroups;
import org.bouncycastle.crypto.agreement.jpake.JPAKERound1Payload;
import org.bouncycastle.crypto.agreement.jpake.JPAKERound2Payload;
import org.bouncycastle.crypto.agreement.jpake.JPAKERound3Payload;
import org.bouncycastle.crypto.digests.SHA256Digest;

/**
 * One side of J-PAKE (RFC 8236) with key confirmation: both have the same secret, and who does not have it can try one, no more. Group: NIST's of 3072
 * bits; the participants' names are the peer ids that the connection has proved, so that nobody can stand between. Every message has one
 * length, numbers are big endian:
 *
 * <pre>
 * round 1: g^x1 384 | g^x2 384 | proof of x1: V 384, r 32 | proof of x2: V 384, r 32
 * round 2: A 384 | proof of x2·s: V 384, r 32
 * round 3: HMAC-SHA-256 under the key 32
 * </pre>
 *
 * What no honest participant sends ends in a {@link PairingException}. Not thread-safe.
 */
final class Proof {
    private static final JPAKEPrimeOrderGroup GROUP = JPAKEPrimeOrderGroups.NIST_3072;
    private static final int ELEMENT_BYTES = 384;
    private static final int SCALAR_BYTES = 32;
    private static final int MAC_BYTES = 32;

    private final JPAKEParticipant self;
    private final String other;
    // the library makes a round's message only before the other side's of that round is checked
    private final byte[] round1;
    private byte[] round2;
    private byte[] round3;
    private BigInteger key;

    Proof(PeerId self, PeerId other, byte[] secret) {
        this.self = new JPAKEParticipant(self.toString(), Multibase.BASE16.encodeBare(secret).toCharArray(), GROUP, SHA256Digest.newInstance(),
                new SecureRandom());
        this.other = other.toString();
        round1 = makeRound1();
    }

    /** The first message. */
    byte[] round1() {
        return round1;
    }

    /** The second message, once the other side's first one was read. */
    byte[] round2() {
        return round2;
    }

    /** What only who has the secret can say, once the other side's second message was read. */
    byte[] round3() {
        return round3;
    }

    private byte[] makeRound1() {
        JPAKERound1Payload round = self.createRound1PayloadToSend();
        byte[] message = new byte[4 * ELEMENT_BYTES + 2 * SCALAR_BYTES];
        int at = put(round.getGx1(), ELEMENT_BYTES, message, 0);
        at = put(round.getGx2(), ELEMENT_BYTES, message, at);
        at = putProof(round.getKnowledgeProofForX1(), message, at);
        putProof(round.getKnowledgeProofForX2(), message, at);
        return message;
    }

    /** Blocks for the other side's first message. */
    void readRound1(InputStream from) throws IOException {
        BigInteger gx1 = number(from, ELEMENT_BYTES);
        BigInteger gx2 = number(from, ELEMENT_BYTES);
        JPAKERound1Payload round = new JPAKERound1Payload(other, gx1, gx2, proof(from), proof(from));
        check(() -> self.validateRound1PayloadReceived(round));
        round2 = makeRound2();
    }

    private byte[] makeRound2() {
        JPAKERound2Payload round = self.createRound2PayloadToSend();
        byte[] message = new byte[2 * ELEMENT_BYTES + SCALAR_BYTES];
        putProof(round.getKnowledgeProofForX2s(), message, put(round.getA(), ELEMENT_BYTES, message, 0));
        return message;
    }

    /** Blocks for the other side's second message. */
    void readRound2(InputStream from) throws IOException {
        BigInteger a = number(from, ELEMENT_BYTES);
        JPAKERound2Payload round = new JPAKERound2Payload(other, a, proof(from));
        check(() -> self.validateRound2PayloadReceived(round));
        key = self.calculateKeyingMaterial();
        round3 = makeRound3();
    }

    private byte[] makeRound3() {
        byte[] mac = self.createRound3PayloadToSend(key).getMacTag().toByteArray();
        byte[] message = new byte[MAC_BYTES];
        // a number with a sign, as the library makes it of the MAC
        Arrays.fill(message, (byte) (mac[0] < 0 ? -1 : 0));
        System.arraycopy(mac, 0, message, MAC_BYTES - mac.length, mac.length);
        return message;
    }

    /**
     * Blocks for the other side's third message.
     *
     * @throws PairingException it has another secret
     */
    void readRound3(InputStream from) throws IOException {
        JPAKERound3Payload round = new JPAKERound3Payload(other, new BigInteger(bytes(from, MAC_BYTES)));
        try {
            self.validateRound3PayloadReceived(round, key);
        } catch (CryptoException differs) {
            throw new PairingException("the code is not the one that was shown", differs);
        }
    }

    private interface Check {
        void run() throws CryptoException;
    }

    private static void check(Check check) throws PairingException {
        try {
            check.run();
        } catch (CryptoException | IllegalArgumentException wrong) {
            throw new PairingException("the other side's proof is wrong: " + wrong.getMessage(), wrong);
        }
    }

    private static int putProof(BigInteger[] proof, byte[] into, int at) {
        return put(proof[1], SCALAR_BYTES, into, put(proof[0], ELEMENT_BYTES, into, at));
    }

    private static int put(BigInteger number, int length, byte[] into, int at) {
        byte[] bytes = number.toByteArray();
        int skipped = Math.max(0, bytes.length - length);
        System.arraycopy(bytes, skipped, into, at + length - bytes.length + skipped, bytes.length - skipped);
        return at + length;
    }

    private static BigInteger[] proof(InputStream from) throws IOException {
        return new BigInteger[] {number(from, ELEMENT_BYTES), number(from, SCALAR_BYTES)};
    }

    private static BigInteger number(InputStream from, int length) throws IOException {
        return new BigInteger(1, bytes(from, length));
    }

    private static byte[] bytes(InputStream from, int length) throws IOException {
        byte[] bytes = from.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the other side ended the exchange");
        }
        return bytes;
    }
}
