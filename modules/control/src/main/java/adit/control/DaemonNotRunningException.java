package adit.control;

import java.io.IOException;

/** Nobody listens on the control socket: there is none, or it was left by a daemon that crashed. */
public final class DaemonNotRunningException extends IOException {
    private static final long serialVersionUID = 1L;

    DaemonNotRunningException(String message, IOException cause) {
        super(message, cause);
    }
}
