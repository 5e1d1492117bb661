package adit.transport;

import java.io.IOException;

/** The remote peer broke the muxer's protocol: the connection ends. */
final class ProtocolViolation extends IOException {
    private static final long serialVersionUID = 1L;

    ProtocolViolation(String message) {
        super(message);
    }
}
