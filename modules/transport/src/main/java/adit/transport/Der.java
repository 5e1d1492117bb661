package adit.transport;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The few values in DER (ITU-T X.690) that {@link TlsCertificate} is made of. Bouncy Castle's classes for the same are 60, with 130
 * of the JDK's for dates in every language: 2 MB of a daemon's memory and of an installation.
 */
final class Der {
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int EXPLICIT = 0xa0;

    private static final int SHORT_LENGTH = 0x7f;

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return value(SEQUENCE, parts);
    }

    static byte[] set(byte[]... parts) {
        return value(SET, parts);
    }

    /** A value tagged [number] EXPLICIT. */
    static byte[] explicit(int number, byte[] inner) {
        return value(EXPLICIT | number, inner);
    }

    /** @param bigEndian two's complement, in as few bytes as it needs */
    static byte[] integer(byte[] bigEndian) {
        return value(INTEGER, bigEndian);
    }

    static byte[] octetString(byte[] bytes) {
        return value(OCTET_STRING, bytes);
    }

    /** Of whole bytes. */
    static byte[] bitString(byte[] bytes) {
        return value(BIT_STRING, new byte[1], bytes);
    }

    static byte[] utf8String(String text) {
        return value(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    /** @param text "YYMMDDHHMMSSZ", of the years 1950 to 2049 */
    static byte[] utcTime(String text) {
        return value(UTC_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** @param text "YYYYMMDDHHMMSSZ" */
    static byte[] generalizedTime(String text) {
        return value(GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** @param dotted "1.2.840", the first number 0 or 1, or 2 with a second one below 48 */
    static byte[] objectIdentifier(String dotted) {
        String[] numbers = dotted.split("\\.");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(40 * Integer.parseInt(numbers[0]) + Integer.parseInt(numbers[1]));
        for (int i = 2; i < numbers.length; i++) {
            base128(out, Integer.parseInt(numbers[i]));
        }
        return value(OBJECT_IDENTIFIER, out.toByteArray());
    }

    /** Seven bits a byte, the highest first, the top bit set in all but the last. */
    private static void base128(ByteArrayOutputStream out, int number) {
        for (int shift = 28; shift > 0; shift -= 7) {
            if (number >>> shift > 0) {
                out.write(number >>> shift & 0x7f | 0x80);
            }
        }
        out.write(number & 0x7f);
    }

    private static byte[] value(int tag, byte[]... parts) {
        ByteArrayOutputStream contents = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            contents.writeBytes(part);
        }
        int length = contents.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length > SHORT_LENGTH) {
            int bytes = length > 0xff ? 2 : 1;
            assert length <= 0xffff : "a certificate is short";
            out.write(0x80 | bytes);
            if (bytes == 2) {
                out.write(length >> 8);
            }
        }
        out.write(length);
        out.writeBytes(contents.toByteArray());
        return out.toByteArray();
    }
}
