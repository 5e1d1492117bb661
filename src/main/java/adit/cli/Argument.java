package adit.cli;

/**
 * A positional argument.
 *
 * @param name as Kubo's errors call it: "target-address"
 * @param required whether the command needs it
 * @param repeated whether it may be given several times; only the last one may
 * @param description for help
 */
record Argument(String name, boolean required, boolean repeated, String description) {
    static Argument required(String name, String description) {
        return new Argument(name, true, false, description);
    }

    static Argument optional(String name, String description) {
        return new Argument(name, false, false, description);
    }

    static Argument several(String name, String description) {
        return new Argument(name, true, true, description);
    }

    /** "<name>", "[<name>]", "<name>...". */
    String synopsis() {
        String text = "<" + name + ">" + (repeated ? "..." : "");
        return required ? text : "[" + text + "]";
    }
}
