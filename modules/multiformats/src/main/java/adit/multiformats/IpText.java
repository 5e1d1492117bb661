package adit.multiformats;

/** IP addresses as text, without ever asking a resolver: dotted quads, and RFC 4291 in, RFC 5952 out. */
final class IpText {
    private IpText() {}

    static byte[] parse4(String text) throws MalformedException {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            throw new MalformedException("failed to parse ip4 addr: " + text);
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            bytes[i] = (byte) decimal(parts[i], text);
        }
        return bytes;
    }

    private static int decimal(String part, String whole) throws MalformedException {
        boolean digits = !part.isEmpty() && part.length() <= 3 && part.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || part.length() > 1 && part.startsWith("0") || Integer.parseInt(part) > 255) {
            throw new MalformedException("failed to parse ip4 addr: " + whole);
        }
        return Integer.parseInt(part);
    }

    static byte[] parse6(String text) throws MalformedException {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            throw malformed6(text);
        }
        byte[] head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0, text);
        byte[] tail = gap < 0 ? new byte[0] : groups(text.substring(gap + 2), true, text);
        int zeros = 16 - head.length - tail.length;
        if (gap < 0 ? zeros != 0 : zeros < 2) {
            throw malformed6(text);
        }
        byte[] bytes = new byte[16];
        System.arraycopy(head, 0, bytes, 0, head.length);
        System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
        return bytes;
    }

    private static byte[] groups(String text, boolean mayEndInQuad, String whole) throws MalformedException {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", -1);
        boolean quad = mayEndInQuad && parts[parts.length - 1].indexOf('.') >= 0;
        byte[] bytes = new byte[parts.length * 2 + (quad ? 2 : 0)];
        if (bytes.length > 16) {
            throw malformed6(whole);
        }
        for (int i = 0; i < parts.length - (quad ? 1 : 0); i++) {
            int group = hexadecimal(parts[i], whole);
            bytes[2 * i] = (byte) (group >>> 8);
            bytes[2 * i + 1] = (byte) group;
        }
        if (quad) {
            try {
                System.arraycopy(parse4(parts[parts.length - 1]), 0, bytes, bytes.length - 4, 4);
            } catch (MalformedException e) {
                throw malformed6(whole);
            }
        }
        return bytes;
    }

    private static int hexadecimal(String part, String whole) throws MalformedException {
        boolean digits = !part.isEmpty() && part.length() <= 4 && part.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0);
        if (!digits) {
            throw malformed6(whole);
        }
        return Integer.parseInt(part, 16);
    }

    private static MalformedException malformed6(String text) {
        return new MalformedException("failed to parse ip6 addr: " + text);
    }

    static String format4(byte[] bytes) {
        return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
    }

    static String format6(byte[] bytes) {
        if (isMapped4(bytes)) {
            return "::ffff:" + format4(new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]});
        }
        int[] gap = longestZeros(bytes);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == gap[0]) {
                text.append("::");
                i += gap[1] - 1;
                continue;
            }
            if (i > 0 && i != gap[0] + gap[1]) {
                text.append(':');
            }
            text.append(Integer.toHexString(group(bytes, i)));
        }
        return text.toString();
    }

    private static boolean isMapped4(byte[] bytes) {
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1;
    }

    /** Start and length, in groups, of the first longest run of two or more zero groups; start -1 when there is none. */
    private static int[] longestZeros(byte[] bytes) {
        int[] best = {-1, 1};
        int start = 0;
        for (int i = 0; i < 8; i++) {
            if (group(bytes, i) != 0) {
                start = i + 1;
            } else if (i - start + 1 > best[1]) {
                best = new int[] {start, i - start + 1};
            }
        }
        return best;
    }

    private static int group(byte[] bytes, int index) {
        return (bytes[2 * index] & 0xff) << 8 | bytes[2 * index + 1] & 0xff;
    }
}
