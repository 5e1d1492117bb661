package adit.control;

import java.io.IOException;

/** The daemon answered a request for an upgrade with something else, as a rule an error; the connection is closed. */
public final class UpgradeRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String contentType;
    private final byte[] body;

    UpgradeRefusedException(int status, String contentType, byte[] body) {
        super("the daemon answered " + status);
        this.status = status;
        this.contentType = contentType;
        this.body = body;
    }

    /** The answer's status. */
    public int status() {
        return status;
    }

    /** The answer's content type, empty when it had none. */
    public String contentType() {
        return contentType;
    }

    /** The start of the answer's body, at most 64 KiB. */
    public byte[] body() {
        return body.clone();
    }
}
