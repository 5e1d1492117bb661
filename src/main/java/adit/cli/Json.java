package adit.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON object to be written: fields in the order in which they were set. Values are strings, numbers, booleans, null,
 * lists and further objects.
 */
final class Json {
    private static final int MAXIMUM_EXCERPT = 60;

    private final Map<String, Object> fields = new LinkedHashMap<>();

    static Json object() {
        return new Json();
    }

    Json with(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    /** Kubo writes an empty list as null. */
    Json withList(String name, List<?> values) {
        return with(name, values.isEmpty() ? null : values);
    }

    /** On one line. */
    @Override public String toString() {
        return write(this);
    }

    static String write(Object value) {
        StringBuilder text = new StringBuilder();
        write(value, text, "", null);
        return text.toString();
    }

    /** For a message about it: the beginning is enough. */
    static String excerpt(Object value) {
        String text = write(value);
        return text.length() <= MAXIMUM_EXCERPT ? text : text.substring(0, MAXIMUM_EXCERPT) + "...";
    }

    /** On several lines, every level further in. */
    static String indented(Object value, String level) {
        StringBuilder text = new StringBuilder();
        write(value, text, "\n", level);
        return text.toString();
    }

    /**
     * @param margin what a new line starts with
     * @param level how much further in the next level is, null for all on one line
     */
    private static void write(Object value, StringBuilder text, String margin, String level) {
        switch (value) {
            case Json json -> writeAll(json.fields.entrySet(), '{', '}', text, margin, level);
            case Map<?, ?> map -> writeAll(map.entrySet(), '{', '}', text, margin, level);
            case List<?> list -> writeAll(list, '[', ']', text, margin, level);
            case Map.Entry<?, ?> field -> {
                quote(field.getKey().toString(), text);
                text.append(level == null ? ":" : ": ");
                write(field.getValue(), text, margin, level);
            }
            case null -> text.append("null");
            case Number number -> text.append(number);
            case Boolean bool -> text.append(bool);
            default -> quote(value.toString(), text);
        }
    }

    private static void writeAll(Iterable<?> values, char open, char close, StringBuilder text, String margin, String level) {
        String inner = level == null ? "" : margin + level;
        boolean isFirst = true;
        text.append(open);
        for (Object value : values) {
            text.append(isFirst ? "" : ",").append(inner);
            write(value, text, inner, level);
            isFirst = false;
        }
        text.append(isFirst || level == null ? "" : margin).append(close);
    }

    private static void quote(String value, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                        text.append("\\u").append(hex(c >> 12)).append(hex(c >> 8)).append(hex(c >> 4)).append(hex(c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private static char hex(int value) {
        return Character.forDigit(value & 15, 16);
    }
}
