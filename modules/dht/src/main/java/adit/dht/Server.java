package adit.dht;

import adit.identity.PeerId;
import adit.transport.Deadlines;
import adit.transport.Stream;
import adit.transport.StreamHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Serves the protocol: requests of a stream one after the other, none faster than its peer may ask. */
final class Server implements StreamHandler {
    private final RequestHandler handler;
    private final RequestRates rates;
    private final Duration idleTimeout;
    private final Deadlines deadlines;

    Server(RequestHandler handler, RequestRates rates, Duration idleTimeout, Deadlines deadlines) {
        this.handler = handler;
        this.rates = rates;
        this.idleTimeout = idleTimeout;
        this.deadlines = deadlines;
    }

    @Override public void handle(Stream stream) throws IOException {
        PeerId from = stream.connection().remotePeer();
        while (answerNext(stream, from)) {
            // the next one
        }
        stream.close();
    }

    /** False at the end of the stream. */
    private boolean answerNext(Stream stream, PeerId from) throws IOException {
        // however slowly a peer sends its bytes and takes ours, a request with its answer has an end
        try (Deadlines.Deadline _ = deadlines.after(idleTimeout, stream::reset)) {
            Message request = Message.read(stream.inputStream(), Message.MAXIMUM_REQUEST);
            if (request == null) {
                return false;
            }
            await(rates.take(from));
            Message answer = handler.answer(from, request);
            if (answer != null) {
                answer.write(stream.outputStream());
            }
            return true;
        }
    }

    /** A flood is slowed down: whoever sends it waits, and so do no others. */
    private static void await(long nanoseconds) throws InterruptedIOException {
        try {
            new CountDownLatch(1).await(nanoseconds, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a request waited for its turn");
        }
    }
}
