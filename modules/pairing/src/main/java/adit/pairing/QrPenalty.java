package adit.pairing;

/** How hard a QR code is to read: the standard's four penalties, by which its mask is chosen. */
final class QrPenalty {
    private static final int SAME_RUN = 3;
    private static final int SAME_SQUARE = 3;
    private static final int LIKE_FINDER = 40;
    private static final int UNBALANCED = 10;
    /** A finder's 1:1:3:1:1 with four light modules before or behind. */
    private static final int FINDER_FIRST = 0b10111010000;
    private static final int FINDER_LAST = 0b00001011101;
    private static final int FINDER_BITS = 11;

    private QrPenalty() {}

    static int of(boolean[][] dark) {
        int size = dark.length;
        int penalty = 0;
        int count = 0;
        for (int i = 0; i < size; i++) {
            int line = i;
            penalty += ofLine(size, k -> dark[line][k]) + ofLine(size, k -> dark[k][line]);
            for (int k = 0; k < size; k++) {
                count += dark[i][k] ? 1 : 0;
                boolean isSquare = i > 0 && k > 0 && dark[i][k] == dark[i - 1][k] && dark[i][k] == dark[i][k - 1] && dark[i][k] == dark[i - 1][k - 1];
                penalty += isSquare ? SAME_SQUARE : 0;
            }
        }
        return penalty + Math.abs(count * 20 - size * size * 10) / (size * size) * UNBALANCED;
    }

    private interface Line {
        boolean isDark(int at);
    }

    private static int ofLine(int size, Line line) {
        int penalty = 0;
        int run = 0;
        int bits = 0;
        for (int k = 0; k < size; k++) {
            run = k > 0 && line.isDark(k) == line.isDark(k - 1) ? run + 1 : 1;
            penalty += run == 5 ? SAME_RUN : run > 5 ? 1 : 0;
            bits = (bits << 1 | (line.isDark(k) ? 1 : 0)) & (1 << FINDER_BITS) - 1;
            penalty += k >= FINDER_BITS - 1 && (bits == FINDER_FIRST || bits == FINDER_LAST) ? LIKE_FINDER : 0;
        }
        return penalty;
    }
}
