package adit.control;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Asks the daemon. Made for a process that asks one thing and ends: one connection per request, and nothing here that is slow to load
 * (no lambdas, no regular expressions, no JSON).
 */
public final class ControlClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAXIMUM_STATUS_LINE = 1024;
    private static final int MAXIMUM_HEADERS = 64 * 1024;
    private static final int MAXIMUM_REFUSAL = 64 * 1024;

    private final Path socket;

    /** @param socket the daemon's control socket */
    public ControlClient(Path socket) {
        this.socket = socket;
    }

    /** As below, without a body. */
    public ControlResponse request(String path, List<Map.Entry<String, String>> query) throws IOException {
        return request(path, query, new byte[0]);
    }

    /**
     * Sends a POST and waits for the head of its answer, as long as the daemon takes; closing is the caller's.
     *
     * @param path "/api/v0/…", not encoded
     * @param query names and values, not encoded, sent in this order
     * @param body may be empty
     * @throws DaemonNotRunningException when nobody listens on the socket
     * @throws IOException when the socket cannot be used, the daemon goes away, or what it says is not HTTP
     */
    public ControlResponse request(String path, List<Map.Entry<String, String>> query, byte[] body) throws IOException {
        SocketChannel channel = connect();
        boolean isDone = false;
        try {
            HttpInput input = send(channel, path, query, "Connection: close\r\n", body);
            ControlResponse response = readResponse(input, channel);
            isDone = true;
            return response;
        } finally {
            if (!isDone) {
                channel.close();
            }
        }
    }

    /**
     * Sends a POST that turns the connection into a raw one; closing its channel is the caller's.
     *
     * @param protocol what to upgrade to, a token
     * @throws UpgradeRefusedException with the daemon's answer when it does not upgrade
     * @throws IOException as {@link #request} does
     */
    public ControlExchange.Upgraded upgrade(String path, List<Map.Entry<String, String>> query, String protocol) throws IOException {
        SocketChannel channel = connect();
        boolean isDone = false;
        try {
            HttpInput input = send(channel, path, query, "Connection: Upgrade\r\nUpgrade: " + protocol + "\r\n", new byte[0]);
            ControlResponse response = readResponse(input, channel);
            if (response.status() != 101) {
                throw new UpgradeRefusedException(response.status(), response.contentType(), response.body().readNBytes(MAXIMUM_REFUSAL));
            }
            isDone = true;
            return new ControlExchange.Upgraded(channel, input.takeBuffered());
        } finally {
            if (!isDone) {
                channel.close();
            }
        }
    }

    private SocketChannel connect() throws IOException {
        try {
            return SocketConnector.connect(socket, CONNECT_TIMEOUT);
        } catch (ConnectException refused) {
            throw new DaemonNotRunningException("no daemon listens on " + socket, refused);
        } catch (IOException failure) {
            if (Files.notExists(socket)) {
                throw new DaemonNotRunningException("no daemon is running: there is no " + socket, failure);
            }
            if (!Files.isWritable(socket)) {
                throw new IOException("may not use the control socket " + socket + ": run this as the daemon's user", failure);
            }
            throw new IOException("cannot connect to " + socket + ": " + failure.getMessage(), failure);
        }
    }

    private static HttpInput send(SocketChannel channel, String path, List<Map.Entry<String, String>> query, String headerLines,
            byte[] body) throws IOException {
        StringBuilder head = new StringBuilder(256).append("POST ");
        PercentEncoding.encode(path, head);
        char separator = '?';
        for (Map.Entry<String, String> pair : query) {
            PercentEncoding.encode(pair.getKey(), head.append(separator));
            PercentEncoding.encode(pair.getValue(), head.append('='));
            separator = '&';
        }
        head.append(" HTTP/1.1\r\nHost: adit\r\nUser-Agent: adit\r\nContent-Length: ").append(body.length).append("\r\n").append(headerLines).append("\r\n");
        byte[] headBytes = head.toString().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(headBytes.length + body.length).put(headBytes).put(body).flip();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException refused) {
            // a daemon that has no room for us answers before it has read: the answer, or its absence, says more than this
        }
        return new HttpInput(channel);
    }

    static ControlResponse readResponse(HttpInput input, Closeable connection) throws IOException {
        try {
            for (;;) {
                int status = status(input.readLine(MAXIMUM_STATUS_LINE, 0));
                Headers headers = Headers.read(input, MAXIMUM_HEADERS);
                if (status == 101 || status >= 200) {
                    return new ControlResponse(status, headers, body(status, headers, input), connection);
                }
            }
        } catch (EOFException gone) {
            throw new EOFException("the daemon closed the connection without an answer");
        } catch (HttpException malformed) {
            throw new IOException("malformed answer from the daemon: " + malformed.getMessage(), malformed);
        }
    }

    private static int status(String line) throws HttpException {
        if (!line.startsWith("HTTP/1.1 ") || line.length() < 12 || line.length() > 12 && line.charAt(12) != ' ') {
            throw new HttpException(0, "bad status line");
        }
        int status = 0;
        for (int i = 9; i < 12; i++) {
            int digit = line.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new HttpException(0, "bad status line");
            }
            status = status * 10 + digit;
        }
        if (status < 100 || status > 599) {
            throw new HttpException(0, "bad status line");
        }
        return status;
    }

    private static InputStream body(int status, Headers headers, HttpInput input) throws HttpException {
        if (status == 101 || status == 204) {
            return InputStream.nullInputStream();
        }
        if (headers.lists("transfer-encoding", "chunked")) {
            return new AnswerInputStream(new ChunkedInputStream(input));
        }
        String length = headers.first("content-length");
        if (length == null) {
            throw new HttpException(0, "neither Content-Length nor chunks");
        }
        return new LengthInputStream(input, RequestParser.decimal(length));
    }
}
