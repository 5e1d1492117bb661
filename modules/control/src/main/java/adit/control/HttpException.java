package adit.control;

import java.io.IOException;

/** A message that breaks HTTP or a limit, with the status a server answers it with. */
final class HttpException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String headerLines;

    HttpException(int status, String message) {
        this(status, message, "");
    }

    /** @param headerLines further lines of the answer's header, each ended by CR LF */
    HttpException(int status, String message, String headerLines) {
        super(message);
        this.status = status;
        this.headerLines = headerLines;
    }

    int status() {
        return status;
    }

    String headerLines() {
        return headerLines;
    }
}
