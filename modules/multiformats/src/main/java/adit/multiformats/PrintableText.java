package adit.multiformats;

/** Foreign text on its way to a terminal or a log, where no escape sequence and no forged line of a stranger may get. */
final class PrintableText {
    /** Longest text kept whole, in characters. */
    static final int MAXIMUM_LENGTH = 2000;

    private static final String OMISSION = " … ";

    private PrintableText() {}

    /** False for control and format characters, line separators and halves of surrogate pairs. */
    static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** The text with what is not printable escaped, and without its middle where it is long; null stays null. */
    static String of(String text) {
        if (text == null) {
            return null;
        }
        String whole = text;
        if (text.length() > MAXIMUM_LENGTH) {
            int half = (MAXIMUM_LENGTH - OMISSION.length()) / 2;
            whole = text.substring(0, half) + OMISSION + text.substring(text.length() - half);
        }
        StringBuilder line = new StringBuilder(whole.length());
        whole.codePoints().forEach(c -> {
            if (isPrintable(c)) {
                line.appendCodePoint(c);
            } else {
                line.append(String.format("\\u%04x", c));
            }
        });
        return line.toString();
    }
}
