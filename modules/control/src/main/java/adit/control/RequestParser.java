package adit.control;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one request, in this order: 1. request line, 2. header fields, 3. target, 4. framing, 5. may it be served at all, 6. body.
 * What breaks a rule is an HttpException with its status; after one the connection is of no more use.
 */
final class RequestParser {
    /** Digits of a Content-Length; 18 cannot overflow a long. */
    private static final int MAXIMUM_LENGTH_DIGITS = 18;

    /** The one target that may be read with GET. */
    private static final String READABLE = "/metrics";

    private final HttpInput input;
    private final ControlSettings settings;

    RequestParser(HttpInput input, ControlSettings settings) {
        this.input = input;
        this.settings = settings;
    }

    /** Stages 1 to 5. */
    Request readHead() throws IOException {
        String line = input.readLine(settings.maximumRequestLine(), 414);
        if (line.isEmpty()) {
            // one empty line before a request is left over from old clients' bodies (RFC 9112 section 2.2)
            line = input.readLine(settings.maximumRequestLine(), 414);
        }
        int afterMethod = line.indexOf(' ');
        int afterTarget = line.indexOf(' ', afterMethod + 1);
        if (afterMethod < 1 || afterTarget <= afterMethod + 1 || !Headers.isToken(line.substring(0, afterMethod))) {
            throw new HttpException(400, "malformed request line");
        }
        requireVersion(line.substring(afterTarget + 1));
        Headers headers = Headers.read(input, settings.maximumHeaders());
        if (headers.count("host") != 1) {
            throw new HttpException(400, "exactly one Host header is required");
        }
        String method = line.substring(0, afterMethod);
        String target = line.substring(afterMethod + 1, afterTarget);
        refuseWhatIsNotServed(method, target, headers);
        target = originForm(target);
        int question = target.indexOf('?');
        String path = PercentEncoding.decode(question < 0 ? target : target.substring(0, question), false);
        var query = question < 0 ? Map.<String, List<String>>of() : query(target.substring(question + 1));
        return new Request(method, path, query, headers, bodyLength(headers));
    }

    private static void requireVersion(String version) throws HttpException {
        if (!version.equals("HTTP/1.1")) {
            boolean isOther = version.startsWith("HTTP/") && version.length() == 8;
            throw new HttpException(isOther ? 505 : 400, isOther ? "only HTTP/1.1 is spoken here" : "malformed request line");
        }
    }

    /**
     * Kubo's rules: only POST, and nothing that a page in a browser could have sent (cross-site request forgery). A monitor may GET what it
     * reads.
     */
    private static void refuseWhatIsNotServed(String method, String target, Headers headers) throws HttpException {
        if (!method.equals("POST") && !(method.equals("GET") && target.equals(READABLE))) {
            // an answer to HEAD has no body
            throw new HttpException(405, method.equals("HEAD") ? "" : "405 - Method Not Allowed", "Allow: POST\r\n");
        }
        String agent = headers.first("user-agent");
        if (headers.count("origin") > 0 || headers.count("referer") > 0 || agent != null && agent.startsWith("Mozilla")) {
            throw new HttpException(403, "403 - Forbidden");
        }
        String expectation = headers.first("expect");
        if (expectation != null && !expectation.equalsIgnoreCase("100-continue")) {
            throw new HttpException(417, "unknown expectation");
        }
    }

    /**
     * The path and query of a target that may also be a whole URL (RFC 9112 section 3.2.2); the host in it means as little as the Host
     * header.
     */
    private static String originForm(String target) throws HttpException {
        String origin = target;
        if (target.regionMatches(true, 0, "http://", 0, 7)) {
            int slash = target.indexOf('/', 7);
            origin = slash < 0 ? "/" : target.substring(slash);
        }
        if (!origin.startsWith("/") || origin.indexOf('#') >= 0) {
            throw new HttpException(400, "malformed request target");
        }
        return origin;
    }

    private static Map<String, List<String>> query(String raw) throws HttpException {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (int from = 0, to; from < raw.length(); from = to + 1) {
            int ampersand = raw.indexOf('&', from);
            to = ampersand < 0 ? raw.length() : ampersand;
            String pair = raw.substring(from, to);
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                String name = PercentEncoding.decode(equals < 0 ? pair : pair.substring(0, equals), true);
                String value = equals < 0 ? "" : PercentEncoding.decode(pair.substring(equals + 1), true);
                query.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
            }
        }
        return query;
    }

    /** One way to tell a body's end, said once: everything else is how a request is hidden inside another (RFC 9112 section 11.2). */
    private long bodyLength(Headers headers) throws HttpException {
        int lengths = headers.count("content-length");
        int codings = headers.count("transfer-encoding");
        if (lengths + codings > 1) {
            throw new HttpException(400, "the length of the body is told more than once");
        }
        if (codings == 1) {
            if (!"chunked".equalsIgnoreCase(headers.first("transfer-encoding"))) {
                throw new HttpException(501, "only the transfer coding chunked is known");
            }
            return Request.CHUNKED;
        }
        long length = lengths == 0 ? 0 : decimal(headers.first("content-length"));
        if (length > settings.maximumBody()) {
            throw bodyTooLarge();
        }
        return length;
    }

    static long decimal(String digits) throws HttpException {
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                throw new HttpException(400, "malformed Content-Length");
            }
            value = value * 10 + (c - '0');
        }
        if (digits.isEmpty() || digits.length() > MAXIMUM_LENGTH_DIGITS) {
            throw new HttpException(400, "malformed Content-Length");
        }
        return value;
    }

    /** Stage 6; what is kept grows with what arrives, never with what was announced. */
    byte[] readBody(Request request) throws IOException {
        if (!request.hasBody()) {
            return new byte[0];
        }
        InputStream stream = request.bodyLength() == Request.CHUNKED
                ? new ChunkedInputStream(input) : new LengthInputStream(input, request.bodyLength());
        byte[] body = stream.readNBytes(settings.maximumBody());
        if (stream.read() >= 0) {
            throw bodyTooLarge();
        }
        return body;
    }

    private HttpException bodyTooLarge() {
        return new HttpException(413, "request body is larger than " + settings.maximumBody() + " bytes");
    }
}
