package adit.tunnel;

import adit.identity.PeerId;
import adit.transport.Log;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * Every connection that goes through a tunnel, from its first moment to its last: their number is limited, each can be aborted. Each has an id, by
 * which the log at level debug tells its whole life.
 */
final class LiveStreams {
    private final int maximum;
    private final Log log;
    private final Semaphore free;
    private final AtomicLong nextId = new AtomicLong();
    private final Set<Place> places = ConcurrentHashMap.newKeySet();
    private final ConcurrentSkipListMap<Long, Place> open = new ConcurrentSkipListMap<>();
    private volatile boolean closing;

    LiveStreams(int maximum, Log log) {
        this.maximum = maximum;
        this.log = log;
        free = new Semaphore(maximum);
    }

    /** A place for one connection; its holder closes it when the connection has ended. */
    Place enter() throws IOException {
        if (closing) {
            throw new InterruptedIOException("shutting down");
        }
        if (!free.tryAcquire()) {
            throw new IOException("too many streams: " + maximum + " are live already");
        }
        Place place = new Place();
        places.add(place);
        return place;
    }

    List<LiveStream> list() {
        return open.values().stream().map(Place::snapshot).toList();
    }

    /** False when there is none of that id. */
    boolean abort(long id, IOException cause) {
        Place place = open.get(id);
        if (place != null) {
            place.abort(cause);
        }
        return place != null;
    }

    /** Aborts all that are open at both ends; how many. */
    int abortOpen(IOException cause) {
        List<Place> aborted = List.copyOf(open.values());
        aborted.forEach(place -> place.abort(cause));
        return aborted.size();
    }

    /** Aborts those that listeners serve, open at both ends or not yet, if their listener and their peer match; how many. */
    int abortServed(BiPredicate<Listener, PeerId> which, IOException cause) {
        List<Place> aborted = places.stream().filter(place -> place.isServed(which)).toList();
        aborted.forEach(place -> place.abort(cause));
        return aborted.size();
    }

    /** Whether any of the listener's is left. */
    boolean isServing(Listener listener) {
        return places.stream().anyMatch(place -> place.isServed((serving, peer) -> serving == listener));
    }

    /** Lets nobody in any more, gives up what is not open at both ends yet, waits for the rest, aborts what is left. */
    void drain(Duration limit, IOException cause) {
        closing = true;
        places.stream().filter(place -> !place.isOpen()).forEach(place -> place.abort(cause));
        try {
            if (free.tryAcquire(maximum, limit.toNanos(), TimeUnit.NANOSECONDS)) {
                free.release(maximum);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        places.forEach(place -> place.abort(cause));
    }

    /** One connection's place. The lock guards the way to abort it. */
    final class Place implements AutoCloseable {
        private final long id = nextId.getAndIncrement();
        private final long entered = System.nanoTime();
        private Consumer<IOException> onAbort = cause -> {};
        private IOException aborted;
        private volatile LiveStream description;
        private volatile CopyLoop copy;
        private volatile Served served;

        private record Served(Listener listener, PeerId peer) {}

        /** One step of its life, for the log. */
        void tell(String format, Object... arguments) {
            log.debug("stream " + id + ": " + format, arguments);
        }

        /** How it ended; null for cleanly. */
        void ended(IOException failure) {
            if (failure != null) {
                tell("failed: %s", TargetDial.text(failure));
            }
        }

        /** How to abort the connection from now on; at once when that was already asked for. The action does not block. */
        void onAbort(Consumer<IOException> action) {
            IOException cause;
            synchronized (this) {
                onAbort = action;
                cause = aborted;
            }
            if (cause != null) {
                action.accept(cause);
            }
        }

        void abort(IOException cause) {
            Consumer<IOException> action;
            synchronized (this) {
                if (aborted != null) {
                    return;
                }
                aborted = cause;
                action = onAbort;
            }
            action.accept(cause);
        }

        /** Both ends are open: the connection can be seen. */
        void opened(String protocol, String origin, String target, CopyLoop loop) {
            LiveStream stream = new LiveStream(id, protocol, origin, target, Instant.now(), 0, 0);
            copy = loop;
            description = stream;
            open.put(stream.id(), this);
            onAbort(loop::abort);
            tell("open, %s from %s to %s", protocol, origin, target);
        }

        /** It is a listener's, of a peer: whoever takes the peer's permission away from now on finds it. */
        void serves(Listener listener, PeerId peer) {
            served = new Served(listener, peer);
        }

        private boolean isServed(BiPredicate<Listener, PeerId> which) {
            Served now = served;
            return now != null && which.test(now.listener(), now.peer());
        }

        private boolean isOpen() {
            return description != null;
        }

        private LiveStream snapshot() {
            LiveStream then = description;
            return new LiveStream(then.id(), then.protocol(), then.originAddress(), then.targetAddress(), then.opened(),
                    copy.received(), copy.sent());
        }

        @Override public void close() {
            if (description != null) {
                open.remove(description.id());
            }
            if (places.remove(this)) {
                free.release();
                CopyLoop done = copy;
                tell("over after %d ms, %d bytes received, %d sent", (System.nanoTime() - entered) / 1_000_000, done == null ? 0 : done.received(),
                        done == null ? 0 : done.sent());
            }
        }
    }
}
