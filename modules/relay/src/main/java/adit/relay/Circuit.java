package adit.relay;

import adit.transport.Deadlines;
import adit.transport.Log;
import adit.transport.Loops;
import adit.transport.Stream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * One relayed connection: what comes in on one stream goes out on the other, a loop for each direction. Nothing is read that the
 * other side does not take yet, so a slow reader stops the sender. The end of a direction is passed on, a reset too; a limit that is
 * reached resets both streams: nobody may take what was cut off for a whole.
 */
final class Circuit {
    private final Stream source;
    private final Stream target;
    private final RelayLimit limit;
    private final int bufferSize;
    private final LongAdder relayed;
    private final AtomicReference<String> failure = new AtomicReference<>();

    /** @param relayed counts payload bytes passed on, in both directions */
    Circuit(Stream source, Stream target, RelayLimit limit, int bufferSize, LongAdder relayed) {
        this.source = source;
        this.target = target;
        this.limit = limit;
        this.bufferSize = Math.min(bufferSize, Stream.MAXIMUM_PAYLOAD);
        this.relayed = relayed;
    }

    /** Runs one direction on this thread; returns when both have ended. */
    void run(Loops loops, Deadlines deadlines, Log log) {
        source.onReset(cause -> abort("the source: " + cause.getMessage()));
        target.onReset(cause -> abort("the target: " + cause.getMessage()));
        Deadlines.Deadline end = limit.duration().isZero() ? null
                : deadlines.after(limit.duration(), () -> abort("its time of " + limit.duration().toSeconds() + " s is over"));
        try {
            Thread back = loops.start("relay to " + source.connection().remotePeer(), () -> copyLoop(target, source));
            copyLoop(source, target);
            back.join();
        } catch (InterruptedException e) {
            abort("interrupted");
        } finally {
            if (end != null) {
                end.close();
            }
        }
        String reason = failure.get();
        log.debug("circuit from %s to %s ended: %s", source.connection().remotePeer(), target.connection().remotePeer(),
                reason == null ? "both sides have said all" : reason);
    }

    /** Never blocks; the first reason counts. */
    private void abort(String reason) {
        if (failure.compareAndSet(null, reason)) {
            source.reset();
            target.reset();
        }
    }

    private void copyLoop(Stream from, Stream to) {
        try {
            copy(from, to);
        } catch (IOException | RuntimeException | Error e) {
            abort(e.getMessage());
        }
    }

    private void copy(Stream from, Stream to) throws IOException {
        long left = limit.data() == 0 ? Long.MAX_VALUE : limit.data();
        int size = bufferSize;
        byte[] buffer = new byte[Stream.HEADROOM + size + Stream.TAILROOM];
        while (true) {
            int count = from.read(buffer, Stream.HEADROOM, Math.min(to.awaitCredit(), size));
            if (count < 0) {
                to.closeWrite();
                return;
            }
            if (count > left) {
                throw new IOException("its " + limit.data() + " bytes in one direction are used up");
            }
            to.send(buffer, Stream.HEADROOM, count);
            left -= count;
            relayed.add(count);
            if (count == size && size < Stream.MAXIMUM_PAYLOAD && limit.isNone()) {
                size = Math.min(2 * size, Stream.MAXIMUM_PAYLOAD);
                buffer = new byte[Stream.HEADROOM + size + Stream.TAILROOM];
            }
        }
    }
}
