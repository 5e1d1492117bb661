package adit.control;

import java.io.IOException;
import java.nio.file.Path;

/** Another daemon already works in this directory; nothing was changed. */
public final class DaemonRunningException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long pid;

    DaemonRunningException(Path directory, long pid) {
        super("a daemon is already running in " + directory + (pid == 0 ? "" : " (pid " + pid + ")"));
        this.pid = pid;
    }

    /** The process id of that daemon, 0 when it is not known. */
    public long pid() {
        return pid;
    }
}
