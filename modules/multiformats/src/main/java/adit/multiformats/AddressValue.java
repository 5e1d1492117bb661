package adit.multiformats;

import adit.multiformats.Multiaddr.Protocol;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The values of a multiaddr's components between text and bytes (multiformats/multiaddr, protocols.csv). */
final class AddressValue {
    private static final byte[] NONE = {};
    private static final String NOT_ESCAPED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private AddressValue() {}

    static byte[] toBytes(Protocol protocol, String text) throws MalformedException {
        try {
            return switch (protocol) {
                case IP4 -> IpText.parse4(text);
                case IP6 -> IpText.parse6(text);
                case TCP, UDP -> port(text);
                case IPCIDR -> new byte[] {(byte) number(text, 255)};
                case P2P -> KeyMultihash.parse(text);
                case CERTHASH -> checkMultihash(Multibase.decode(text));
                case HTTP_PATH -> percentDecoded(text);
                default -> protocol.hasValue() ? name(protocol, text).getBytes(StandardCharsets.UTF_8) : none(text);
            };
        } catch (MalformedException e) {
            throw new MalformedException("invalid value \"" + text + "\" for protocol " + protocol + ": " + e.getMessage(), e);
        }
    }

    static String toText(Protocol protocol, byte[] bytes) throws MalformedException {
        return switch (protocol) {
            case IP4 -> IpText.format4(bytes);
            case IP6 -> IpText.format6(bytes);
            case TCP, UDP -> Integer.toString((bytes[0] & 0xff) << 8 | bytes[1] & 0xff);
            case IPCIDR -> Integer.toString(bytes[0] & 0xff);
            case P2P -> Multibase.BASE58BTC.encodeBare(KeyMultihash.check(bytes));
            case CERTHASH -> Multibase.BASE64URL.encode(checkMultihash(bytes));
            case HTTP_PATH -> percentEncoded(bytes);
            default -> protocol.hasValue() ? name(protocol, utf8(bytes)) : "";
        };
    }

    private static byte[] port(String text) throws MalformedException {
        int port = number(text, 65_535);
        return new byte[] {(byte) (port >>> 8), (byte) port};
    }

    private static int number(String text, int most) throws MalformedException {
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedException("not a number from 0 to " + most);
        }
        int number = Integer.parseInt(text);
        if (number > most) {
            throw new MalformedException("greater than " + most);
        }
        return number;
    }

    /** Any hash function will do here: it is for whoever compares it with a certificate. */
    private static byte[] checkMultihash(byte[] multihash) throws MalformedException {
        ByteBuffer from = ByteBuffer.wrap(multihash);
        Varint.decode(from);
        if (Varint.decode(from) != from.remaining()) {
            throw new MalformedException("not a multihash");
        }
        return multihash;
    }

    private static byte[] none(String text) throws MalformedException {
        if (!text.isEmpty()) {
            throw new MalformedException("it takes no value");
        }
        return NONE;
    }

    private static String name(Protocol protocol, String text) throws MalformedException {
        if (protocol == Protocol.UNIX) {
            if (text.length() < 2 || !text.startsWith("/") || text.endsWith("/")) {
                throw new MalformedException("not a path of a socket");
            }
        } else if (text.isEmpty() || text.indexOf('/') >= 0) {
            throw new MalformedException(text.isEmpty() ? "empty" : "contains a slash");
        }
        if (!text.codePoints().allMatch(PrintableText::isPrintable)) {
            throw new MalformedException("contains a character that cannot be shown");
        }
        return text;
    }

    /** Any bytes may stand in a path of HTTP; a plus is a plus (RFC 3986, not forms). */
    private static byte[] percentDecoded(String text) throws MalformedException {
        byte[] escaped = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < escaped.length; i++) {
            if (escaped[i] != '%') {
                out.write(escaped[i]);
                continue;
            }
            int high = i + 2 < escaped.length ? Character.digit(escaped[i + 1], 16) : -1;
            int low = i + 2 < escaped.length ? Character.digit(escaped[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw new MalformedException("two hexadecimal digits are missing behind a %");
            }
            out.write(high << 4 | low);
            i += 2;
        }
        return notEmpty(out.toByteArray());
    }

    private static String percentEncoded(byte[] bytes) throws MalformedException {
        StringBuilder text = new StringBuilder();
        for (byte next : notEmpty(bytes)) {
            if (NOT_ESCAPED.indexOf(next) >= 0) {
                text.append((char) next);
            } else {
                text.append(String.format("%%%02X", next));
            }
        }
        return text.toString();
    }

    private static byte[] notEmpty(byte[] bytes) throws MalformedException {
        if (bytes.length == 0) {
            throw new MalformedException("empty");
        }
        return bytes;
    }

    private static String utf8(byte[] bytes) throws MalformedException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("not UTF-8", e);
        }
    }
}
