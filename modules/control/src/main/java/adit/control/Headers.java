package adit.control;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Header fields in order, names in lower case (RFC 9112 section 5). */
record Headers(List<Field> fields) {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    record Field(String name, String value) {}

    /**
     * Reads fields up to and including the empty line.
     *
     * @param limit bytes of all lines together
     */
    static Headers read(HttpInput input, int limit) throws IOException {
        List<Field> fields = new ArrayList<>();
        int left = limit;
        for (;;) {
            String line = input.readLine(left, 431);
            if (line.isEmpty()) {
                return new Headers(fields);
            }
            left = Math.max(0, left - line.length() - 2);
            fields.add(field(line));
        }
    }

    private static Field field(String line) throws HttpException {
        int colon = line.indexOf(':');
        // a line that begins with a blank is obs-fold, a blank before the colon another old way to smuggle: both fail here as no token
        if (colon < 1 || !isToken(line.substring(0, colon))) {
            throw new HttpException(400, "malformed header line");
        }
        return new Field(lowerCase(line.substring(0, colon)), line.substring(colon + 1).strip());
    }

    /** The first field of that lower-case name, null when there is none. */
    String first(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return field.value();
            }
        }
        return null;
    }

    int count(String name) {
        int count = 0;
        for (Field field : fields) {
            count += field.name().equals(name) ? 1 : 0;
        }
        return count;
    }

    /** Whether one of the comma-separated values of that name is the word, in any case. */
    boolean lists(String name, String word) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                for (int from = 0, to; from <= field.value().length(); from = to + 1) {
                    int comma = field.value().indexOf(',', from);
                    to = comma < 0 ? field.value().length() : comma;
                    if (field.value().substring(from, to).strip().equalsIgnoreCase(word)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || TOKEN_MARKS.indexOf(c) >= 0)) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static String lowerCase(String ascii) {
        return ascii.toLowerCase(Locale.ROOT);
    }
}
