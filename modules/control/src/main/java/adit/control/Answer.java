package adit.control;

import java.nio.charset.StandardCharsets;

/** The heads and small bodies of answers, as Kubo's RPC words them. */
final class Answer {
    static final String JSON = "application/json";
    static final String TEXT = "text/plain; charset=utf-8";
    static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    static final String LAST_CHUNK = "0\r\n\r\n";
    /** A trailer of more than 4 KiB is refused by Go's client; this leaves room for characters of four bytes. */
    private static final int MAXIMUM_TRAILER_CHARACTERS = 900;

    private Answer() {}

    static String whole(int status, String contentType, int bodyLength, String furtherLines) {
        return start(status, contentType).append("Content-Length: ").append(bodyLength).append("\r\n").append(furtherLines).append("\r\n")
                .toString();
    }

    /**
     * Kubo marks a series of JSON values as chunked output and everything else as a stream. Its own command line looks at neither, only at
     * the content type and the trailer; clients in JavaScript may.
     */
    static String streamed(String contentType) {
        return start(200, contentType)
                .append(contentType.startsWith(JSON) ? "X-Chunked-Output: 1\r\n" : "X-Stream-Output: 1\r\n")
                .append("Trailer: X-Stream-Error\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n").toString();
    }

    static String switched(String protocol) {
        return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: " + protocol + "\r\n\r\n";
    }

    private static StringBuilder start(int status, String contentType) {
        return new StringBuilder(256).append("HTTP/1.1 ").append(status).append(' ').append(reason(status))
                .append("\r\nServer: adit\r\nContent-Type: ").append(contentType).append("\r\nX-Content-Type-Options: nosniff\r\n");
    }

    static String chunkSize(int length) {
        return Integer.toHexString(length) + "\r\n";
    }

    /** The end of a streamed answer that failed, as go-ipfs-cmds reads it; what would end the line early becomes a blank. */
    static String failedLastChunk(String message) {
        var line = new StringBuilder("0\r\nX-Stream-Error: ");
        message.codePoints().limit(MAXIMUM_TRAILER_CHARACTERS).forEach(c -> line.appendCodePoint(c < ' ' || c == 0x7f ? ' ' : c));
        return line.append("\r\n\r\n").toString();
    }

    static byte[] text(String message) {
        return (message.isEmpty() ? "" : message + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Kubo's error object. */
    static byte[] error(String message, int code) {
        var json = new StringBuilder("{\"Message\":\"");
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                json.append(c);
            }
        }
        return json.append("\",\"Code\":").append(code).append(",\"Type\":\"error\"}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 426 -> "Upgrade Required";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 505 -> "HTTP Version Not Supported";
            default -> "Status";
        };
    }
}
