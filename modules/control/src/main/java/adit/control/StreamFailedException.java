package adit.control;

import java.io.IOException;

/** The daemon ended a streamed answer with an error; the message is the daemon's, for the user. What was read before is good. */
public final class StreamFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    StreamFailedException(String message) {
        super(message);
    }
}
