package adit.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReachabilityVotesTest {
    private static final Duration REFRESH = Duration.ofMinutes(15);
    private final ReachabilityVotes votes = new ReachabilityVotes(REFRESH);
    private long now = Long.MAX_VALUE - 5;

    /** Each letter is a voter; an upper-case one has reached this node. */
    private void vote(String voters) {
        voters.chars().forEach(voter -> votes.add((char) Character.toLowerCase(voter), Character.isUpperCase(voter), now++));
    }

    @Test void twoThatAgreeAreBelievedAndThreeAreEnough() {
        assertEquals(3, votes.missing(now));
        vote("A");
        assertEquals(Reachability.UNKNOWN, votes.belief());
        assertEquals(2, votes.missing(now));
        vote("B");
        assertEquals(Reachability.PUBLIC, votes.belief());
        assertEquals(1, votes.missing(now));
        vote("C");
        assertEquals(0, votes.missing(now));
    }

    @Test void oneServerHasOneVote() {
        vote("aaaaaaa");
        assertEquals(Reachability.UNKNOWN, votes.belief());
        assertEquals(1, votes.unreached());
    }

    @Test void oneLiarChangesNothing() {
        vote("ABCx");
        assertEquals(Reachability.PUBLIC, votes.belief());
        assertTrue(votes.missing(now) > 0, "but others are asked");
        vote("Dxxx");
        assertEquals(Reachability.PUBLIC, votes.belief());
        ReachabilityVotes behindNat = new ReachabilityVotes(REFRESH);
        behindNat.add('a', false, now);
        behindNat.add('b', false, now);
        behindNat.add('x', true, now);
        assertEquals(Reachability.PRIVATE, behindNat.belief());
    }

    @Test void liarAmongTheFirstTwoOnlyCostsTime() {
        vote("xA");
        assertEquals(Reachability.UNKNOWN, votes.belief());
        vote("BC");
        assertEquals(Reachability.PUBLIC, votes.belief());
    }

    @Test void whatHasChangedShowsWhenTheMajoritySaysSo() {
        vote("ABC");
        vote("ab");
        assertEquals(Reachability.PUBLIC, votes.belief());
        vote("c");
        assertEquals(Reachability.PRIVATE, votes.belief());
        assertEquals(3, votes.unreached());
    }

    @Test void votesAreRenewedAndThenForgotten() {
        vote("ABC");
        assertFalse(votes.wants('a', now));
        now += REFRESH.toNanos();
        assertTrue(votes.wants('a', now));
        assertEquals(1, votes.missing(now));
        vote("A");
        assertEquals(0, votes.missing(now));
        now += 6 * REFRESH.toNanos();
        assertEquals(3, votes.missing(now));
        assertEquals(Reachability.UNKNOWN, votes.belief());
    }

    @Test void recheckAsksTheSameAgain() {
        vote("ABC");
        votes.makeOld(now);
        assertEquals(1, votes.missing(now));
        assertTrue(votes.wants('c', now));
        assertEquals(Reachability.PUBLIC, votes.belief());
    }

    @Test void whatNobodyWantsToDialIsLeftAloneForAWhile() {
        for (int i = 0; i < ReachabilityVotes.MAXIMUM_REFUSALS; i++) {
            assertEquals(3, votes.missing(now));
            votes.addRefusal(now);
        }
        assertEquals(0, votes.missing(now));
        now += ReachabilityVotes.REFUSED_PAUSE.toNanos();
        assertEquals(3, votes.missing(now));
    }

    @Test void onlyTheLastFewCount() {
        vote("abcdefghijklm");
        assertEquals(ReachabilityVotes.COUNTED, votes.unreached());
    }
}
