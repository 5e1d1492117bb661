package adit.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What servers say about one address, or about the node as a whole, and what is believed: each server, or network of servers, has one
 * vote, its latest. Only the last few count, so that what has changed shows, and it takes a majority to change a belief: a single liar
 * cannot. go-libp2p's numbers. Not thread-safe; times are of {@link System#nanoTime}.
 */
final class ReachabilityVotes {
    /** By how many votes one side must be ahead to be believed. */
    static final int NEEDED = 2;
    /** By how many votes one side must be ahead for others not to be asked. */
    static final int WANTED = 3;
    /** Votes that count. */
    static final int COUNTED = WANTED + 2;
    /** Refusals in a row after which nobody is asked for a while. */
    static final int MAXIMUM_REFUSALS = 5;
    static final Duration REFUSED_PAUSE = Duration.ofMinutes(10);

    /** Refreshes after which a vote counts no more. */
    private static final int REFRESHES = 5;

    private record Vote(Object voter, boolean isReached, long at) {}

    private final long refreshInterval;
    private final List<Vote> votes = new ArrayList<>();
    private Reachability belief = Reachability.UNKNOWN;
    private int refusals;
    private long refusedAt;

    ReachabilityVotes(Duration refreshInterval) {
        this.refreshInterval = refreshInterval.toNanos();
    }

    Reachability belief() {
        return belief;
    }

    int reached() {
        return (int) votes.stream().filter(Vote::isReached).count();
    }

    int unreached() {
        return votes.size() - reached();
    }

    /** The voter's earlier vote, if any, counts no more. */
    void add(Object voter, boolean isReached, long now) {
        refusals = 0;
        votes.removeIf(vote -> vote.voter().equals(voter));
        votes.add(new Vote(voter, isReached, now));
        if (votes.size() > COUNTED) {
            votes.removeFirst();
        }
        decide();
    }

    /** Somebody was asked about this and would not dial it. */
    void addRefusal(long now) {
        refusals++;
        refusedAt = now;
    }

    /** All votes are to be renewed. */
    void makeOld(long now) {
        votes.replaceAll(vote -> new Vote(vote.voter(), vote.isReached(), Math.min(vote.at(), now - refreshInterval)));
        refusals = 0;
    }

    private void decide() {
        int lead = reached() - unreached();
        if (lead >= NEEDED) {
            belief = Reachability.PUBLIC;
        } else if (lead <= -NEEDED) {
            belief = Reachability.PRIVATE;
        } else if (votes.isEmpty()) {
            belief = Reachability.UNKNOWN;
        }
    }

    /** How many more votes are wanted now; forgets those that are very old. */
    int missing(long now) {
        if (votes.removeIf(vote -> now - vote.at() > REFRESHES * refreshInterval)) {
            decide();
        }
        if (refusals >= MAXIMUM_REFUSALS) {
            if (now - refusedAt < REFUSED_PAUSE.toNanos()) {
                return 0;
            }
            refusals = 0;
        }
        int confidence = Math.abs(reached() - unreached());
        if (confidence < WANTED) {
            return WANTED - confidence;
        }
        Vote last = votes.getLast();
        boolean isOld = now - last.at() >= refreshInterval;
        boolean isContrary = last.isReached() != (belief == Reachability.PUBLIC);
        return isOld || isContrary ? 1 : 0;
    }

    /** Whether that voter could say something new. */
    boolean wants(Object voter, long now) {
        return votes.stream().noneMatch(vote -> vote.voter().equals(voter) && now - vote.at() < refreshInterval);
    }
}
