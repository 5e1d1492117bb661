package adit.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

final class BufferPoolTest {
    private final BufferPool pool = new BufferPool(1);

    @Test void aBufferThatWasGivenBackIsLentAgain() {
        Buffer first = pool.borrow();
        first.release();
        assertSame(first, pool.borrow());
    }

    @Test void droppedBuffersAreNotLentAgainAndLentOnesStayLent() {
        Buffer unused = pool.borrow();
        Buffer used = pool.borrow();
        unused.release();
        pool.drop();
        assertEquals(1, pool.lent());
        assertNotSame(unused, pool.borrow());
        used.release();
        assertSame(used, pool.borrow(), "the pool works on");
    }
}
