package adit.cli;

import java.nio.charset.StandardCharsets;

/**
 * An error as the daemon answers it: {"Message":"…","Code":0,"Type":"error","Hint":"…"}. Reads just that, since a JSON library takes
 * longer to load than the whole command.
 *
 * @param hint null when there is none
 */
record ErrorAnswer(String message, String hint) {
    static ErrorAnswer parse(int status, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        String message = text.startsWith("{") ? field(text, "Message") : text;
        String hint = text.startsWith("{") ? field(text, "Hint") : null;
        return new ErrorAnswer(message == null || message.isEmpty() ? "the daemon answered HTTP " + status : message, hint);
    }

    private static String field(String json, String name) {
        int start = json.indexOf("\"" + name + "\":\"");
        if (start < 0) {
            return null;
        }
        StringBuilder value = new StringBuilder();
        for (int i = start + name.length() + 4; i < json.length() && json.charAt(i) != '"'; i++) {
            char c = json.charAt(i);
            if (c == '\\' && ++i < json.length()) {
                c = switch (json.charAt(i)) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    case 'r' -> '\r';
                    case 'u' -> {
                        i += 4;
                        yield i < json.length() ? unicode(json, i - 3) : '?';
                    }
                    default -> json.charAt(i);
                };
            }
            value.append(c);
        }
        return value.toString();
    }

    private static char unicode(String json, int at) {
        int code = 0;
        for (int i = at; i < at + 4; i++) {
            code = code * 16 + Math.max(0, Character.digit(json.charAt(i), 16));
        }
        return (char) code;
    }
}
