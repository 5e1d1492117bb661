package adit.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import adit.transport.BufferPool;
import org.junit.jupiter.api.Test;

final class HeapTrimTest {
    private static final long MEBIBYTE = 1 << 20;

    @Test void aBusyHeapIsCollectedWhenItHasDoubled() {
        HeapTrim trim = new HeapTrim(new BufferPool(1));
        assertFalse(trim.isDue(23 * MEBIBYTE, 1 * MEBIBYTE));
        assertTrue(trim.isDue(25 * MEBIBYTE, 5 * MEBIBYTE));
    }

    @Test void aQuietHeapIsCollectedWhenItHasGrownByAQuarter() {
        HeapTrim trim = new HeapTrim(new BufferPool(1));
        assertFalse(trim.isDue(16 * MEBIBYTE, 4 * MEBIBYTE), "whether it is quiet is not known yet");
        assertTrue(trim.isDue(16 * MEBIBYTE, 4 * MEBIBYTE));
    }

    @Test void aSmallHeapIsLeftAlone() {
        HeapTrim trim = new HeapTrim(new BufferPool(1));
        assertFalse(trim.isDue(8 * MEBIBYTE, 4 * MEBIBYTE));
        assertFalse(trim.isDue(8 * MEBIBYTE, 4 * MEBIBYTE));
    }

    @Test void whatIsInUseIsNotCollectedAgain() {
        HeapTrim trim = new HeapTrim(new BufferPool(1));
        trim.collected(100 * MEBIBYTE);
        assertFalse(trim.isDue(100 * MEBIBYTE, 20 * MEBIBYTE));
        assertFalse(trim.isDue(100 * MEBIBYTE, 20 * MEBIBYTE));
    }

    @Test void whatTheJvmHasGivenBackItselfIsSeen() {
        HeapTrim trim = new HeapTrim(new BufferPool(1));
        trim.collected(100 * MEBIBYTE);
        assertFalse(trim.isDue(20 * MEBIBYTE, 4 * MEBIBYTE));
        assertTrue(trim.isDue(41 * MEBIBYTE, 4 * MEBIBYTE));
    }
}
