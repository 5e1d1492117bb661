package adit.identity;

import adit.multiformats.MalformedException;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * The two numbers of an ECDSA signature and their DER, of which each pair has one (RFC 3279 2.2.3, BIP 62):
 * <pre>
 * 30 length  02 length r  02 length s
 * </pre>
 * Written by hand because the decoder of ASN.1 answers some hostile input with a ClassCastException.
 */
record EcdsaSignature(BigInteger r, BigInteger s) {
    private static final byte SEQUENCE = 0x30;
    private static final byte INTEGER = 0x02;
    private static final int HEADER = 2;
    /** Longest number of a curve of 256 bits, with the byte that makes it positive. */
    private static final int MAXIMUM_NUMBER = 33;

    static EcdsaSignature decode(byte[] der) throws MalformedException {
        if (der.length < HEADER || der[0] != SEQUENCE || der[1] != der.length - HEADER) {
            throw malformed();
        }
        int behindR = endOfNumber(der, HEADER);
        int behindS = endOfNumber(der, behindR);
        if (behindS != der.length) {
            throw malformed();
        }
        return new EcdsaSignature(number(der, HEADER, behindR), number(der, behindR, behindS));
    }

    private static int endOfNumber(byte[] der, int at) throws MalformedException {
        if (der.length - at < HEADER || der[at] != INTEGER) {
            throw malformed();
        }
        int length = der[at + 1];
        if (length < 1 || length > MAXIMUM_NUMBER || length > der.length - at - HEADER) {
            throw malformed();
        }
        return at + HEADER + length;
    }

    private static BigInteger number(byte[] der, int from, int to) throws MalformedException {
        byte[] bytes = Arrays.copyOfRange(der, from + HEADER, to);
        BigInteger number = new BigInteger(bytes);
        if (number.signum() <= 0 || number.toByteArray().length != bytes.length) {
            throw malformed();
        }
        return number;
    }

    private static MalformedException malformed() {
        return new MalformedException("not an ECDSA signature in DER");
    }

    byte[] encode() {
        byte[] first = r.toByteArray();
        byte[] second = s.toByteArray();
        byte[] der = new byte[3 * HEADER + first.length + second.length];
        der[0] = SEQUENCE;
        der[1] = (byte) (der.length - HEADER);
        put(first, der, HEADER);
        put(second, der, 2 * HEADER + first.length);
        return der;
    }

    private static void put(byte[] number, byte[] der, int at) {
        der[at] = INTEGER;
        der[at + 1] = (byte) number.length;
        System.arraycopy(number, 0, der, at + HEADER, number.length);
    }
}
