package adit.control;

import java.io.IOException;

/** What answers requests. */
@FunctionalInterface
public interface ControlHandler {
    /**
     * Runs on the connection's thread and may block. An exception before anything was answered becomes HTTP 500 with its message as
     * Kubo's error JSON.
     */
    void handle(ControlExchange exchange) throws IOException;
}
