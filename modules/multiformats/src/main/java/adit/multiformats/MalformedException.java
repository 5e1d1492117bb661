package adit.multiformats;

import java.io.IOException;

/**
 * Thrown when bytes or text from a peer or a user do not have the form their specification demands. Its message may hold what was
 * sent, for it is one line of bounded length without control characters.
 */
public final class MalformedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong and where, fit for the person who typed or sent it */
    public MalformedException(String message) {
        super(PrintableText.of(message));
    }

    /**
     * @param message what is wrong and where
     * @param cause what noticed it, may be null
     */
    public MalformedException(String message, Throwable cause) {
        super(PrintableText.of(message), cause);
    }
}
