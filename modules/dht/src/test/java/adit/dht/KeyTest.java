package adit.dht;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.identity.PeerId;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class KeyTest {
    private static BigInteger number(Key key) {
        return new BigInteger(1, ByteBuffer.allocate(32).putLong(key.first()).putLong(key.second()).putLong(key.third())
                .putLong(key.fourth()).array());
    }

    private static Key random(Random random) {
        return new Key(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    @Test
    void keyIsTheSha256OfTheBytes() {
        assertEquals(new BigInteger(1, HexFormat.of().parseHex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")),
                number(Key.of("abc".getBytes(java.nio.charset.StandardCharsets.US_ASCII))));
    }

    @Test
    void keyOfAPeerIsThatOfItsMultihash() throws Exception {
        PeerId peer = PeerId.parse("QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN");
        assertEquals(Key.of(peer.toBytes()), Key.of(peer));
    }

    @Test
    void distancesAreComparedAsXorOfNumbers() {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            Key target = random(random);
            Key left = i % 3 == 0 ? new Key(target.first(), target.second(), target.third(), random.nextLong()) : random(random);
            Key right = i % 4 == 0 ? new Key(left.first(), left.second(), random.nextLong(), left.fourth()) : random(random);
            int expected = number(target).xor(number(left)).compareTo(number(target).xor(number(right)));
            assertEquals(expected, Integer.signum(target.compareDistances(left, right)));
            assertEquals(Key.BITS - number(left).xor(number(right)).bitLength(), left.commonPrefix(right));
        }
    }

    @Test
    void keyIsNearestToItself() {
        Key key = random(new Random(8));
        assertEquals(Key.BITS, key.commonPrefix(key));
        assertTrue(key.compareDistances(key, random(new Random(9))) < 0);
    }
}
