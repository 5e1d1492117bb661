package adit.control;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text inside a request target (RFC 3986 section 2.1); in a query a plus is a space, as Go's and curl's clients write it. */
final class PercentEncoding {
    private static final String PLAIN_MARKS = "-._~/:";

    private PercentEncoding() {}

    /** @param raw one byte per char */
    static String decode(String raw, boolean isQuery) throws HttpException {
        byte[] bytes = new byte[raw.length()];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes[length++] = (byte) (digit(raw, i + 1) << 4 | digit(raw, i + 2));
                i += 2;
            } else {
                bytes[length++] = (byte) (c == '+' && isQuery ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
        } catch (CharacterCodingException malformed) {
            throw new HttpException(400, "request target is not UTF-8");
        }
    }

    private static int digit(String raw, int index) throws HttpException {
        int digit = index < raw.length() && raw.charAt(index) <= 0x7f ? Character.digit(raw.charAt(index), 16) : -1;
        if (digit < 0) {
            throw new HttpException(400, "malformed percent-encoding in the request target");
        }
        return digit;
    }

    static void encode(String text, StringBuilder target) {
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (value & 0xff);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || PLAIN_MARKS.indexOf(c) >= 0) {
                target.append(c);
            } else {
                target.append('%').append(hex(c >> 4)).append(hex(c & 15));
            }
        }
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit, 16));
    }
}
