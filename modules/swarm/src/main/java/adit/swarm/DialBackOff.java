package adit.swarm;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps addresses that failed from being dialled again and again: 5 s after the first failure, growing by the square to
 * 5 min. Thread-safe.
 */
final class DialBackOff {
    /** The longest there is: for dials that nobody waits for. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final int MAXIMUM_ADDRESSES = 2048;
    private static final int MAXIMUM_FAILURES = 20;

    private record Key(PeerId peer, Multiaddr address) {}

    private record Failure(int count, long at, String reason) {
        Duration backOff() {
            Duration grown = FIRST.plusSeconds((long) (count - 1) * (count - 1));
            return grown.compareTo(LONGEST) < 0 ? grown : LONGEST;
        }
    }

    private final LongSupplier nanoTime;
    private final Map<Key, Failure> failures = new LinkedHashMap<>();

    DialBackOff(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void failed(PeerId peer, Multiaddr address, String reason) {
        Key key = new Key(peer, address);
        Failure before = failures.remove(key);
        int count = before == null ? 1 : Math.min(before.count() + 1, MAXIMUM_FAILURES);
        failures.put(key, new Failure(count, nanoTime.getAsLong(), reason));
        if (failures.size() > MAXIMUM_ADDRESSES) {
            failures.remove(failures.keySet().iterator().next());
        }
    }

    /** The network is another one: every address of every peer deserves a new try. */
    synchronized void clear() {
        failures.clear();
    }

    /** The peer answered: every address of it deserves a new try. */
    synchronized void succeeded(PeerId peer) {
        failures.keySet().removeIf(key -> key.peer().equals(peer));
    }

    /**
     * Why the address is not to be dialled now; empty when it is.
     *
     * @param longest no back-off counts for longer; zero ignores all
     */
    synchronized Optional<String> blocked(PeerId peer, Multiaddr address, Duration longest) {
        Failure failure = failures.get(new Key(peer, address));
        if (failure == null) {
            return Optional.empty();
        }
        Duration backOff = failure.backOff().compareTo(longest) < 0 ? failure.backOff() : longest;
        long left = failure.at() + backOff.toNanos() - nanoTime.getAsLong();
        return left <= 0 ? Optional.empty()
                : Optional.of(failure.reason() + " (not tried again for " + Math.ceilDiv(left, 1_000_000_000L) + " s)");
    }
}
