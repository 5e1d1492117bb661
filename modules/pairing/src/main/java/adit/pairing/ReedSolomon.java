package adit.pairing;

/** The check bytes of a QR code's blocks: Reed-Solomon over GF(256) with the polynomial x^8 + x^4 + x^3 + x^2 + 1. */
final class ReedSolomon {
    private static final int POLYNOMIAL = 0x11d;

    private ReedSolomon() {}

    /** The rest of data · x^count divided by (x - 1)(x - 2)(x - 4)… */
    static byte[] check(byte[] data, int from, int length, int count) {
        int[] divisor = divisor(count);
        byte[] rest = new byte[count];
        for (int i = from; i < from + length; i++) {
            int factor = (data[i] ^ rest[0]) & 0xff;
            System.arraycopy(rest, 1, rest, 0, count - 1);
            rest[count - 1] = 0;
            for (int k = 0; k < count; k++) {
                rest[k] ^= (byte) multiply(divisor[k], factor);
            }
        }
        return rest;
    }

    /** Without its first coefficient, which is 1. */
    private static int[] divisor(int count) {
        int[] divisor = new int[count];
        divisor[count - 1] = 1;
        int root = 1;
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < count; k++) {
                divisor[k] = multiply(divisor[k], root) ^ (k + 1 < count ? divisor[k + 1] : 0);
            }
            root = multiply(root, 2);
        }
        return divisor;
    }

    private static int multiply(int x, int y) {
        int product = 0;
        for (int i = 7; i >= 0; i--) {
            product = product << 1 ^ (product >>> 7) * POLYNOMIAL;
            product ^= (y >>> i & 1) * x;
        }
        return product;
    }
}
