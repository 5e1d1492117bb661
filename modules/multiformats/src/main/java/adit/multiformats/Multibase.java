package adit.multiformats;

import java.math.BigInteger;
import java.util.Locale;

/** Multibase: text whose first character names its base (multiformats/multibase). */
public enum Multibase {
    /** Hexadecimal, lower case. */
    BASE16('f', "0123456789abcdef"),
    /** RFC 4648 without padding, lower case: CIDv1's usual form. */
    BASE32('b', "abcdefghijklmnopqrstuvwxyz234567"),
    /** Lower case: for peer ids in DNS labels. */
    BASE36('k', "0123456789abcdefghijklmnopqrstuvwxyz"),
    /** Bitcoin's alphabet: peer ids. */
    BASE58BTC('z', "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"),
    /** RFC 4648 without padding. */
    BASE64('m', "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"),
    /** RFC 4648's URL alphabet without padding. */
    BASE64URL('u', "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /** Longest text decoded, in characters: bases that are no power of two take quadratic time. */
    static final int MAXIMUM_LENGTH = 4096;

    /** From a capital letter of ASCII to the small one. */
    private static final int SMALLER = 'a' - 'A';

    private final char code;
    private final String alphabet;
    private final boolean caseless;
    /** Bits of a digit; 0 for a base that is no power of two. */
    private final int width;

    Multibase(char code, String alphabet) {
        this.code = code;
        this.alphabet = alphabet;
        caseless = alphabet.equals(alphabet.toLowerCase(Locale.ROOT));
        width = Integer.bitCount(alphabet.length()) == 1 ? Integer.numberOfTrailingZeros(alphabet.length()) : 0;
    }

    /** The text without the prefix character. */
    public String encodeBare(byte[] bytes) {
        return width > 0 ? encodeBits(bytes) : encodeNumber(bytes);
    }

    /** Reads text without a prefix character, at most 4096 characters; each array of bytes has one text only, but for its case. */
    public byte[] decodeBare(String text) throws MalformedException {
        if (text.length() > MAXIMUM_LENGTH) {
            throw new MalformedException("text of " + text.length() + " characters is too long to decode");
        }
        return width > 0 ? decodeBits(text) : decodeNumber(text);
    }

    /** The text with the prefix character. */
    public String encode(byte[] bytes) {
        return code + encodeBare(bytes);
    }

    /** Reads text that begins with its prefix character; upper-case prefixes of case-insensitive bases too. */
    public static byte[] decode(String text) throws MalformedException {
        if (text.isEmpty()) {
            throw new MalformedException("multibase text is empty");
        }
        char prefix = text.charAt(0);
        for (Multibase base : values()) {
            if (prefix == base.code || base.caseless && prefix == base.code - SMALLER) {
                return base.decodeBare(text.substring(1));
            }
        }
        throw new MalformedException("multibase prefix '" + prefix + "' is not known");
    }

    private String encodeBits(byte[] bytes) {
        StringBuilder text = new StringBuilder((bytes.length * 8 + width - 1) / width);
        int held = 0;
        int bits = 0;
        for (byte next : bytes) {
            held = held << 8 | next & 0xff;
            bits += 8;
            while (bits >= width) {
                bits -= width;
                text.append(alphabet.charAt(held >>> bits & (1 << width) - 1));
            }
            held &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(alphabet.charAt(held << width - bits & (1 << width) - 1));
        }
        return text.toString();
    }

    private byte[] decodeBits(String text) throws MalformedException {
        byte[] bytes = new byte[text.length() * width / 8];
        int held = 0;
        int bits = 0;
        int at = 0;
        for (int i = 0; i < text.length(); i++) {
            held = held << width | digit(text, i);
            bits += width;
            if (bits >= 8) {
                bits -= 8;
                bytes[at++] = (byte) (held >>> bits);
            }
            held &= (1 << bits) - 1;
        }
        if (bits >= width || held != 0) {
            throw new MalformedException("text ends inside a byte");
        }
        return bytes;
    }

    private String encodeNumber(byte[] bytes) {
        int zeros = 0;
        while (zeros < bytes.length && bytes[zeros] == 0) {
            zeros++;
        }
        StringBuilder reversed = new StringBuilder();
        BigInteger base = BigInteger.valueOf(alphabet.length());
        for (BigInteger left = new BigInteger(1, bytes); left.signum() > 0;) {
            BigInteger[] parts = left.divideAndRemainder(base);
            reversed.append(alphabet.charAt(parts[1].intValue()));
            left = parts[0];
        }
        return String.valueOf(alphabet.charAt(0)).repeat(zeros) + reversed.reverse();
    }

    private byte[] decodeNumber(String text) throws MalformedException {
        BigInteger base = BigInteger.valueOf(alphabet.length());
        BigInteger number = BigInteger.ZERO;
        int zeros = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = digit(text, i);
            if (digit == 0 && number.signum() == 0) {
                zeros++;
            }
            number = number.multiply(base).add(BigInteger.valueOf(digit));
        }
        byte[] magnitude = number.toByteArray();
        int skipped = magnitude[0] == 0 ? 1 : 0;
        byte[] bytes = new byte[zeros + magnitude.length - skipped];
        System.arraycopy(magnitude, skipped, bytes, zeros, magnitude.length - skipped);
        return bytes;
    }

    private int digit(String text, int index) throws MalformedException {
        char character = text.charAt(index);
        int digit = alphabet.indexOf(caseless && character >= 'A' && character <= 'Z' ? character + SMALLER : character);
        if (digit < 0) {
            throw new MalformedException("'" + character + "' is no digit of " + name().toLowerCase(Locale.ROOT));
        }
        return digit;
    }
}
