package adit.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/** What the demo sends: megabytes of which no two are alike, so that a piece that is lost, doubled or swapped changes the hash. */
final class DemoData {
    static final int MEGABYTE = 1_000_000;
    private static final long SEED = 20_260_101;

    private final int megabytes;

    /** What somebody received: its hash in hexadecimal. */
    record Received(long bytes, String hash) {
        @Override public String toString() {
            return bytes + " " + hash;
        }
    }

    DemoData(int megabytes) {
        this.megabytes = megabytes;
    }

    int megabytes() {
        return megabytes;
    }

    /** @param eachMegabyte runs after each */
    void writeTo(OutputStream out, Runnable eachMegabyte) throws IOException {
        byte[] piece = new byte[MEGABYTE];
        new Random(SEED).nextBytes(piece);
        for (int number = 0; number < megabytes; number++) {
            for (int i = 0; i < Integer.BYTES; i++) {
                piece[i] = (byte) (number >>> 8 * i);
            }
            out.write(piece);
            eachMegabyte.run();
        }
    }

    /** What a receiver of all of it has received. */
    Received whole() throws IOException {
        MessageDigest hash = newHash();
        writeTo(new OutputStream() {
            @Override public void write(int one) {
                hash.update((byte) one);
            }

            @Override public void write(byte[] bytes, int offset, int length) {
                hash.update(bytes, offset, length);
            }
        }, () -> {});
        return new Received((long) megabytes * MEGABYTE, HexFormat.of().formatHex(hash.digest()));
    }

    /** Reads to the end. */
    static Received readFrom(InputStream in, Runnable eachMegabyte) throws IOException {
        MessageDigest hash = newHash();
        byte[] buffer = new byte[128 * 1024];
        long bytes = 0;
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            hash.update(buffer, 0, length);
            for (long passed = (bytes + length) / MEGABYTE - bytes / MEGABYTE; passed > 0; passed--) {
                eachMegabyte.run();
            }
            bytes += length;
        }
        return new Received(bytes, HexFormat.of().formatHex(hash.digest()));
    }

    private static MessageDigest newHash() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }
}
