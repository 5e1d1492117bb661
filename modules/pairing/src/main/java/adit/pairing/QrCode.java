package adit.pairing;

/**
 * A QR code (ISO/IEC 18004) of capital letters, digits and a few signs, with the lowest error correction: it is read from a screen. Made in
 * this order: choose the version, write the bits, add the check bytes, draw the patterns, draw the data, choose the mask.
 */
public final class QrCode {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    private static final int MODE_ALPHANUMERIC = 0b0010;

    /** For versions 1 to 20 at level L: check bytes of each block, and blocks (table 9 of the standard). */
    private static final int[] CHECK_BYTES = {7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28};
    private static final int[] BLOCKS = {1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8};
    /** Level L in the format bits. */
    private static final int LEVEL_BITS = 0b01;

    private final int version;
    private final int size;
    private final boolean[][] dark;
    private final boolean[][] isFixed;

    private QrCode(int version) {
        this.version = version;
        size = 17 + 4 * version;
        dark = new boolean[size][size];
        isFixed = new boolean[size][size];
    }

    /**
     * The smallest that holds the text.
     *
     * @throws IllegalArgumentException another character than those of the alphanumeric mode, or more than version 20 holds
     */
    public static QrCode of(String text) {
        for (int version = 1; version <= BLOCKS.length; version++) {
            int bits = 4 + lengthBits(version) + text.length() / 2 * 11 + text.length() % 2 * 6;
            if (bits <= 8 * dataBytes(version)) {
                QrCode code = new QrCode(version);
                code.drawPatterns();
                code.drawData(withChecks(dataOf(text, version), version));
                code.chooseMask();
                return code;
            }
        }
        throw new IllegalArgumentException("too long for a QR code");
    }

    /** Modules on a side, without the quiet zone. */
    public int size() {
        return size;
    }

    /** Outside, in the quiet zone, nothing is dark. */
    public boolean isDark(int row, int column) {
        return row >= 0 && row < size && column >= 0 && column < size && dark[row][column];
    }

    // ---- what it holds

    private static int lengthBits(int version) {
        return version < 10 ? 9 : 11;
    }

    /** Bytes that the modules left by the patterns hold. */
    private static int totalBytes(int version) {
        int modules = (16 * version + 128) * version + 64;
        if (version >= 2) {
            int patterns = version / 7 + 2;
            modules -= (25 * patterns - 10) * patterns - 55;
            modules -= version >= 7 ? 36 : 0;
        }
        return modules / 8;
    }

    private static int dataBytes(int version) {
        return totalBytes(version) - CHECK_BYTES[version - 1] * BLOCKS[version - 1];
    }

    private static byte[] dataOf(String text, int version) {
        Bits bits = new Bits(dataBytes(version));
        bits.add(MODE_ALPHANUMERIC, 4);
        bits.add(text.length(), lengthBits(version));
        for (int i = 0; i < text.length(); i += 2) {
            boolean isPair = i + 1 < text.length();
            bits.add(isPair ? 45 * digit(text, i) + digit(text, i + 1) : digit(text, i), isPair ? 11 : 6);
        }
        return bits.padded();
    }

    private static int digit(String text, int at) {
        int digit = ALPHABET.indexOf(text.charAt(at));
        if (digit < 0) {
            throw new IllegalArgumentException("no character of a QR code's alphanumeric mode: " + text.charAt(at));
        }
        return digit;
    }

    /** Bits one behind the other, the highest of a number first. */
    private static final class Bits {
        private final byte[] bytes;
        private int length;

        Bits(int capacity) {
            bytes = new byte[capacity];
        }

        void add(int number, int count) {
            for (int i = count - 1; i >= 0; i--, length++) {
                bytes[length / 8] |= (byte) ((number >>> i & 1) << 7 - length % 8);
            }
        }

        /** With the standard's filling behind the terminator. */
        byte[] padded() {
            int filling = 0xec;
            for (int at = (Math.min(length + 4, 8 * bytes.length) + 7) / 8; at < bytes.length; at++) {
                bytes[at] = (byte) filling;
                filling ^= 0xec ^ 0x11;
            }
            return bytes;
        }
    }

    /** Blocks of nearly equal length with their Reed-Solomon bytes, interleaved. */
    private static byte[] withChecks(byte[] data, int version) {
        int blocks = BLOCKS[version - 1];
        int checks = CHECK_BYTES[version - 1];
        byte[] all = new byte[totalBytes(version)];
        int shorter = data.length / blocks;
        int longer = data.length % blocks;
        int from = 0;
        for (int block = 0; block < blocks; block++) {
            int length = shorter + (block >= blocks - longer ? 1 : 0);
            for (int i = 0; i < length; i++) {
                all[i < shorter ? i * blocks + block : shorter * blocks + block - (blocks - longer)] = data[from + i];
            }
            byte[] check = ReedSolomon.check(data, from, length, checks);
            for (int i = 0; i < checks; i++) {
                all[data.length + i * blocks + block] = check[i];
            }
            from += length;
        }
        return all;
    }

    // ---- how it looks

    private void fix(int row, int column, boolean isDark) {
        dark[row][column] = isDark;
        isFixed[row][column] = true;
    }

    private void drawPatterns() {
        for (int i = 0; i < size; i++) {
            fix(6, i, i % 2 == 0);
            fix(i, 6, i % 2 == 0);
        }
        drawFinder(3, 3);
        drawFinder(3, size - 4);
        drawFinder(size - 4, 3);
        int[] places = alignments();
        for (int i = 0; i < places.length; i++) {
            for (int k = 0; k < places.length; k++) {
                boolean isFinder = i == 0 && k == 0 || i == 0 && k == places.length - 1 || i == places.length - 1 && k == 0;
                if (!isFinder) {
                    drawAlignment(places[i], places[k]);
                }
            }
        }
        drawFormat(0);
        drawVersion();
    }

    private void drawFinder(int row, int column) {
        for (int y = -4; y <= 4; y++) {
            for (int x = -4; x <= 4; x++) {
                int ring = Math.max(Math.abs(x), Math.abs(y));
                if (row + y >= 0 && row + y < size && column + x >= 0 && column + x < size) {
                    fix(row + y, column + x, ring != 2 && ring != 4);
                }
            }
        }
    }

    private void drawAlignment(int row, int column) {
        for (int y = -2; y <= 2; y++) {
            for (int x = -2; x <= 2; x++) {
                fix(row + y, column + x, Math.max(Math.abs(x), Math.abs(y)) != 1);
            }
        }
    }

    /** Centres of the alignment patterns, in both directions; the same distance, but for the first. */
    private int[] alignments() {
        if (version == 1) {
            return new int[0];
        }
        int[] places = new int[version / 7 + 2];
        int step = (version * 4 + places.length * 2 + 1) / (places.length * 2 - 2) * 2;
        places[0] = 6;
        for (int i = places.length - 1, at = size - 7; i > 0; i--, at -= step) {
            places[i] = at;
        }
        return places;
    }

    /** Level and mask with their BCH code, twice. */
    private void drawFormat(int mask) {
        int data = LEVEL_BITS << 3 | mask;
        int rest = data;
        for (int i = 0; i < 10; i++) {
            rest = rest << 1 ^ (rest >>> 9) * 0x537;
        }
        int bits = (data << 10 | rest) ^ 0x5412;
        for (int i = 0; i < 15; i++) {
            boolean isDark = (bits >>> i & 1) == 1;
            fix(i < 6 ? i : i < 8 ? i + 1 : 8, i < 8 ? 8 : i < 9 ? 7 : 14 - i, isDark);
            fix(i < 8 ? 8 : size - 15 + i, i < 8 ? size - 1 - i : 8, isDark);
        }
        fix(size - 8, 8, true);
    }

    /** The version with its BCH code, twice, from version 7 on. */
    private void drawVersion() {
        if (version < 7) {
            return;
        }
        int rest = version;
        for (int i = 0; i < 12; i++) {
            rest = rest << 1 ^ (rest >>> 11) * 0x1f25;
        }
        int bits = version << 12 | rest;
        for (int i = 0; i < 18; i++) {
            boolean isDark = (bits >>> i & 1) == 1;
            fix(size - 11 + i % 3, i / 3, isDark);
            fix(i / 3, size - 11 + i % 3, isDark);
        }
    }

    /** In columns of two modules, from the right, upward and downward in turn. */
    private void drawData(byte[] bytes) {
        int at = 0;
        for (int right = size - 1; right >= 1; right -= 2) {
            int column = right <= 6 ? right - 1 : right;
            boolean isUpward = (column + 1 & 2) == 0;
            for (int i = 0; i < 2 * size; i++) {
                int row = isUpward ? size - 1 - i / 2 : i / 2;
                int x = column - i % 2;
                if (!isFixed[row][x] && at < 8 * bytes.length) {
                    dark[row][x] = (bytes[at / 8] >>> 7 - at % 8 & 1) == 1;
                    at++;
                }
            }
        }
    }

    private void chooseMask() {
        int best = 0;
        int least = Integer.MAX_VALUE;
        for (int mask = 0; mask < 8; mask++) {
            drawFormat(mask);
            invert(mask);
            int penalty = QrPenalty.of(dark);
            if (penalty < least) {
                least = penalty;
                best = mask;
            }
            invert(mask);
        }
        drawFormat(best);
        invert(best);
    }

    private void invert(int mask) {
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                dark[row][column] ^= !isFixed[row][column] && isMasked(mask, row, column);
            }
        }
    }

    private static boolean isMasked(int mask, int row, int column) {
        return switch (mask) {
            case 0 -> (row + column) % 2 == 0;
            case 1 -> row % 2 == 0;
            case 2 -> column % 3 == 0;
            case 3 -> (row + column) % 3 == 0;
            case 4 -> (row / 2 + column / 3) % 2 == 0;
            case 5 -> row * column % 2 + row * column % 3 == 0;
            case 6 -> (row * column % 2 + row * column % 3) % 2 == 0;
            default -> ((row + column) % 2 + row * column % 3) % 2 == 0;
        };
    }

    /**
     * As lines of half blocks, two modules a character, the quiet zone with them.
     *
     * @param isColoured black on white by escape sequences; else the light modules are what is drawn, for a terminal with light letters on a dark ground
     */
    public String text(boolean isColoured) {
        StringBuilder text = new StringBuilder();
        for (int row = -2; row < size + 2; row += 2) {
            text.append(isColoured ? "\033[38;5;16;48;5;231m" : "");
            for (int column = -2; column < size + 2; column++) {
                boolean upper = isDark(row, column) == isColoured;
                boolean lower = isDark(row + 1, column) == isColoured;
                text.append(upper ? lower ? '█' : '▀' : lower ? '▄' : ' ');
            }
            text.append(isColoured ? "\033[0m\n" : "\n");
        }
        return text.toString();
    }
}
