package adit.multiformats;

import adit.multiformats.Multiaddr.Protocol;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The values of a multiaddr's components between text and bytes (multiformats/multiaddr, protocols.csv). */
final class AddressValue {
    private static final int LIBP2P_KEY = 0x72;
    private static final int IDENTITY = 0x00;
    private static final int SHA2_256 = 0x12;

    private AddressValue() {}

    static byte[] toBytes(Protocol protocol, String text) throws MalformedException {
        try {
            return switch (protocol) {
                case IP4 -> IpText.parse4(text);
                case IP6 -> IpText.parse6(text);
                case TCP, UDP -> port(text);
                case IPCIDR -> new byte[] {(byte) number(text, 255)};
                case P2P -> peerId(text);
                case CERTHASH -> Multibase.decode(text);
                case HTTP_PATH -> percentDecoded(text);
                default -> name(protocol, text);
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
            case P2P -> Multibase.BASE58BTC.encodeBare(checkMultihash(bytes));
            case CERTHASH -> Multibase.BASE64URL.encode(bytes);
            case HTTP_PATH -> URLEncoder.encode(utf8(bytes), StandardCharsets.UTF_8).replace("+", "%20");
            default -> utf8(name(protocol, utf8(bytes)));
        };
    }

    private static byte[] port(String text) throws MalformedException {
        int port = number(text, 65_535);
        return new byte[] {(byte) (port >>> 8), (byte) port};
    }

    private static int number(String text, int most) throws MalformedException {
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedException("not a number");
        }
        int number = Integer.parseInt(text);
        if (number > most) {
            throw new MalformedException("greater than " + most);
        }
        return number;
    }

    private static byte[] peerId(String text) throws MalformedException {
        if (text.startsWith("Qm") || text.startsWith("1")) {
            return checkMultihash(Multibase.BASE58BTC.decodeBare(text));
        }
        ByteBuffer cid = ByteBuffer.wrap(Multibase.decode(text));
        if (Varint.decode(cid) != 1 || Varint.decode(cid) != LIBP2P_KEY) {
            throw new MalformedException("not a CIDv1 of a libp2p key");
        }
        byte[] multihash = new byte[cid.remaining()];
        cid.get(multihash);
        return checkMultihash(multihash);
    }

    private static byte[] checkMultihash(byte[] multihash) throws MalformedException {
        ByteBuffer from = ByteBuffer.wrap(multihash);
        long code = Varint.decode(from);
        long length = Varint.decode(from);
        if (code != IDENTITY && code != SHA2_256 || length != from.remaining() || code == SHA2_256 && length != 32) {
            throw new MalformedException("not a peer id's multihash");
        }
        return multihash;
    }

    private static byte[] name(Protocol protocol, String text) throws MalformedException {
        if (text.isEmpty()) {
            throw new MalformedException("empty");
        }
        if (protocol != Protocol.UNIX && text.indexOf('/') >= 0) {
            throw new MalformedException("contains a slash");
        }
        if (protocol == Protocol.UNIX && (!text.startsWith("/") || text.length() < 2)) {
            throw new MalformedException("not a path");
        }
        if (text.chars().anyMatch(c -> c < ' ')) {
            throw new MalformedException("contains a control character");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] percentDecoded(String text) throws MalformedException {
        try {
            byte[] bytes = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
            if (bytes.length == 0) {
                throw new MalformedException("empty");
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw new MalformedException(e.getMessage(), e);
        }
    }

    private static String utf8(byte[] bytes) throws MalformedException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("not UTF-8", e);
        }
    }
}
