package adit.transport;

import java.io.IOException;

/** The remote peer speaks none of the protocols proposed (multistream-select answered "na"). */
public final class ProtocolNotSupportedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message names the protocols */
    public ProtocolNotSupportedException(String message) {
        super(message);
    }
}
