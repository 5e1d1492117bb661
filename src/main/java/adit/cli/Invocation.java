package adit.cli;

import java.util.List;
import java.util.Map;

/**
 * A command line, understood.
 *
 * @param options values by the option's first name; a flag that is set has the value "true"
 */
record Invocation(Command command, List<String> arguments, Map<String, String> options) {
    boolean flag(String name) {
        return "true".equals(options.get(name));
    }

    /** Null when it was not given. */
    String option(String name) {
        return options.get(name);
    }

    boolean wantsJson() {
        return "json".equals(options.get("encoding"));
    }
}
