package adit.transport;

import java.io.IOException;

/** The stream was aborted: by the remote peer, by this side, or because its connection ended. The message is the reason. */
public final class StreamResetException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param reason why, fit for a log line */
    public StreamResetException(String reason) {
        super(reason);
    }

    /**
     * @param reason why, fit for a log line
     * @param cause the first cause, may be null
     */
    public StreamResetException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
