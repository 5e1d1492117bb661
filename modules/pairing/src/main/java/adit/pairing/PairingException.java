package adit.pairing;

import java.io.IOException;

/** A pairing that came to nothing; the message is for a person. */
public final class PairingException extends IOException {
    private static final long serialVersionUID = 1L;

    PairingException(String message) {
        super(message);
    }

    PairingException(String message, Throwable cause) {
        super(message, cause);
    }
}
