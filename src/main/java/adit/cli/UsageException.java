package adit.cli;

/** The command line, or the parameters of an RPC, are not what the command takes; nothing was done. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String hint;

    /** @param hint the next step, null when the message says it */
    UsageException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    String hint() {
        return hint;
    }
}
