package adit.control;

import java.util.List;
import java.util.Map;

/**
 * A request's head (RFC 9112 section 3).
 *
 * @param path decoded, without query
 * @param query decoded, in order
 * @param bodyLength bytes, {@link #CHUNKED} when the body says itself where it ends
 */
record Request(String method, String path, Map<String, List<String>> query, Headers headers, long bodyLength) {
    static final long CHUNKED = -1;

    boolean hasBody() {
        return bodyLength != 0;
    }

    boolean expectsContinue() {
        return headers.first("expect") != null;
    }

    boolean keepsAlive() {
        return !headers.lists("connection", "close");
    }

    boolean asksForUpgrade(String protocol) {
        return headers.lists("connection", "upgrade") && headers.lists("upgrade", protocol);
    }
}
