package adit.cli;

import java.io.IOException;

/** A command failed; message and hint are for the user. */
final class CommandException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String hint;

    CommandException(String message) {
        this(message, null, null);
    }

    /** @param hint the next step, null when there is none */
    CommandException(String message, String hint) {
        this(message, hint, null);
    }

    CommandException(String message, String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    String hint() {
        return hint;
    }
}
