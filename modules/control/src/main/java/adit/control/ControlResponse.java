package adit.control;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** An answer whose head has arrived. Closing it closes the connection: the daemon then ends what it did for this request. */
public final class ControlResponse implements AutoCloseable {
    private final int status;
    private final Headers headers;
    private final InputStream body;
    private final Closeable connection;

    ControlResponse(int status, Headers headers, InputStream body, Closeable connection) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.connection = connection;
    }

    /** The HTTP status, 100 to 599. */
    public int status() {
        return status;
    }

    /** The first header of that lower-case name, null when there is none. */
    public String header(String name) {
        return headers.first(name);
    }

    /** The content type, empty when there is none. */
    public String contentType() {
        String type = headers.first("content-type");
        return type == null ? "" : type;
    }

    /**
     * The body, as it arrives: a read blocks until the daemon sends something. An answer that breaks off is an EOFException, one that the
     * daemon ended with an error a {@link StreamFailedException}, never a shorter body.
     */
    public InputStream body() {
        return body;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
