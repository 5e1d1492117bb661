package adit.swarm;

import adit.transport.Deadlines;
import adit.transport.Stream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Resets a stream when an exchange on it takes too long in all, however busily a peer drips its bytes. */
final class StreamDeadline implements AutoCloseable {
    private final Duration limit;
    private final Deadlines.Deadline deadline;
    private volatile boolean late;

    StreamDeadline(Deadlines deadlines, Duration limit, Stream stream) {
        this.limit = limit;
        deadline = deadlines.after(limit, () -> {
            late = true;
            stream.reset();
        });
    }

    /** The failure as the caller should see it: the reset was only the means. */
    IOException explained(IOException failure) {
        if (!late) {
            return failure;
        }
        SocketTimeoutException timeout = new SocketTimeoutException("no answer within " + limit.toMillis() / 1000.0 + " s");
        timeout.initCause(failure);
        return timeout;
    }

    @Override public void close() {
        deadline.close();
    }
}
