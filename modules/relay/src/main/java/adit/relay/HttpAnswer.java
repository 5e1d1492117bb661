package adit.relay;

import adit.multiformats.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An answer of an HTTP/1 server (RFC 9112), read within bounds: a status, and a body of text.
 *
 * @param status 200 and so on; redirects are answers like any other, nobody follows them
 */
record HttpAnswer(int status, String body) {
    /** Bytes of a body. */
    static final int MAXIMUM_BODY = XmlElement.MAXIMUM_CHARACTERS;

    private static final int MAXIMUM_LINE = 4096;
    private static final int MAXIMUM_HEADERS = 64;

    /** @throws MalformedException it is not HTTP, or goes beyond the bounds */
    static HttpAnswer read(InputStream in) throws IOException {
        int status = status(line(in));
        List<String> headers = new ArrayList<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (headers.size() == MAXIMUM_HEADERS) {
                throw new MalformedException("HTTP: more than " + MAXIMUM_HEADERS + " headers");
            }
            headers.add(header);
        }
        byte[] body;
        if (value(headers, "transfer-encoding").filter(coding -> coding.equalsIgnoreCase("chunked")).isPresent()) {
            body = chunks(in);
        } else {
            Optional<String> length = value(headers, "content-length");
            body = length.isPresent() ? exactly(in, number(length.get(), 10)) : upToTheEnd(in);
        }
        return new HttpAnswer(status, new String(body, StandardCharsets.UTF_8));
    }

    /** Value of the first header of that name. */
    static Optional<String> value(List<String> headers, String name) {
        return headers.stream().filter(header -> header.toLowerCase(Locale.ROOT).startsWith(name + ":")).findFirst()
                .map(header -> header.substring(name.length() + 1).strip());
    }

    /** Of "HTTP/1.1 200 OK". */
    static int status(String line) throws MalformedException {
        if (!line.matches("HTTP/1\\.[01] [1-9][0-9]{2}( .*)?")) {
            throw new MalformedException("no HTTP answer: " + line);
        }
        return Integer.parseInt(line, 9, 12, 10);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.size() == MAXIMUM_LINE) {
                throw new MalformedException(next < 0 ? "HTTP: the answer ends too early" : "HTTP: a line of more than " + MAXIMUM_LINE + " bytes");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static int number(String text, int radix) throws MalformedException {
        try {
            int number = Integer.parseUnsignedInt(text, radix);
            if (number >= 0 && number <= MAXIMUM_BODY) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new MalformedException("HTTP: a length that is no number up to " + MAXIMUM_BODY);
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new MalformedException("HTTP: the answer ends too early");
        }
        return body;
    }

    private static byte[] upToTheEnd(InputStream in) throws IOException {
        byte[] body = in.readNBytes(MAXIMUM_BODY + 1);
        number(Integer.toString(body.length), 10);
        return body;
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int length = number(line(in).split(";", 2)[0].strip(), 16);
            if (length == 0) {
                return body.toByteArray();
            }
            number(Integer.toString(body.size() + length), 10);
            body.write(exactly(in, length));
            if (!line(in).isEmpty()) {
                throw new MalformedException("HTTP: a chunk that is longer than it says");
            }
        }
    }
}
