package adit.tunnel;

import java.nio.charset.StandardCharsets;

/** What a tunnel may be called: the rules of Kubo, then those of multistream-select. */
final class ProtocolName {
    /** Kubo's namespace for tunnels. */
    static final String NAMESPACE = "/x/";

    /** A multistream-select message is at most 1024 bytes, its newline included: a longer name could never be matched. */
    static final int MAXIMUM_BYTES = 1023;

    private ProtocolName() {}

    /**
     * @param custom whether the name may lie outside {@link #NAMESPACE}
     * @throws IllegalArgumentException with the reason
     */
    static void check(String name, boolean custom) {
        if (!custom && !name.startsWith(NAMESPACE)) {
            throw new IllegalArgumentException("protocol name must be within '/x/' namespace");
        }
        if (name.equals(NAMESPACE)) {
            throw new IllegalArgumentException("protocol name is empty after '/x/'");
        }
        // "na" and "ls" are words of multistream-select itself, so is its own header.
        if (!name.startsWith("/") || name.length() == 1 || name.startsWith("/multistream/")) {
            throw new IllegalArgumentException("protocol name must begin with '/', be longer than that and not be multistream's own");
        }
        if (name.codePoints().anyMatch(ProtocolName::isForbidden)) {
            throw new IllegalArgumentException("protocol name must not contain white space, control characters or broken characters");
        }
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length > MAXIMUM_BYTES) {
            throw new IllegalArgumentException("protocol name is too long: " + length + " bytes, at most " + MAXIMUM_BYTES);
        }
    }

    /** A newline ends a multistream-select message; the others make two different names look alike. */
    private static boolean isForbidden(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
