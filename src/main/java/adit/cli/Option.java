package adit.cli;

import java.util.List;

/**
 * An option of a command, on the command line and as a parameter of the RPC.
 *
 * @param names without dashes, the RPC's name first; those of one character are the short ones
 * @param value what help calls its value, null for a flag
 * @param description for help
 */
record Option(List<String> names, String value, String description) {
    static Option flag(String description, String... names) {
        return new Option(List.of(names), null, description);
    }

    static Option valued(String value, String description, String... names) {
        return new Option(List.of(names), value, description);
    }

    String name() {
        return names.getFirst();
    }

    boolean isFlag() {
        return value == null;
    }

    /** "-f, --format=FORMAT". */
    String synopsis() {
        StringBuilder text = new StringBuilder();
        for (int length = 1; length <= 2; length++) {
            for (String name : names) {
                if (length == 1 == (name.length() == 1)) {
                    text.append(text.isEmpty() ? "" : ", ").append(length == 1 ? "-" : "--").append(name);
                }
            }
        }
        return text.append(isFlag() ? "" : "=" + value).toString();
    }
}
