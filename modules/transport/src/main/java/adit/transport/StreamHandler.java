package adit.transport;

import java.io.IOException;

/** What runs for a stream that the remote peer opened. */
@FunctionalInterface
public interface StreamHandler {
    /**
     * Owns the stream: closes or resets it before returning. Runs on a thread of its own and may block.
     *
     * @throws IOException the stream failed; the caller resets it
     */
    void handle(Stream stream) throws IOException;
}
