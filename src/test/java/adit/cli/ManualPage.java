package adit.cli;

import java.util.List;

/** The commands as a part of the man page, in man(7). */
final class ManualPage {
    private static final String EXAMPLE = "Example: ";

    private ManualPage() {}

    static String commands() {
        StringBuilder text = new StringBuilder();
        for (String name : Commands.NAMES) {
            append(text, Commands.create(name).syntax());
        }
        return text.toString();
    }

    /** What every command takes. */
    static String options() {
        StringBuilder text = new StringBuilder();
        Syntax.GLOBAL.forEach(option -> append(text, option));
        return text.toString();
    }

    static String recipes() {
        StringBuilder text = new StringBuilder();
        Recipes.WORDS.lines().forEach(line -> text.append(escape(line)).append('\n'));
        for (Recipes.Recipe recipe : Recipes.ALL) {
            text.append(".TP\n.B ").append(escape(recipe.name())).append('\n').append(escape(recipe.words())).append('\n');
            append(text, "there$ ", recipe.there());
            append(text, "here$ ", recipe.here());
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String prompt, List<String> commands) {
        for (String command : commands) {
            text.append(".br\n").append(escape(prompt)).append("\\fB").append(escape(command)).append("\\fR\n");
        }
    }

    private static void append(StringBuilder text, Syntax syntax) {
        text.append(".SS ").append(escape(syntax.synopsis())).append('\n');
        text.append(escape(Character.toUpperCase(syntax.summary().charAt(0)) + syntax.summary().substring(1))).append(".\n");
        for (String line : syntax.details().split("\n")) {
            if (line.startsWith(EXAMPLE)) {
                text.append(".IP\n.B ").append(escape(line.substring(EXAMPLE.length()))).append('\n');
            } else if (!line.isEmpty()) {
                text.append(escape(line)).append('\n');
            }
        }
        for (Argument argument : syntax.arguments()) {
            text.append(".TP\n.I ").append(escape(argument.synopsis())).append('\n').append(escape(argument.description())).append('\n');
        }
        syntax.options().forEach(option -> append(text, option));
    }

    private static void append(StringBuilder text, Option option) {
        text.append(".TP\n.B ").append(escape(option.synopsis())).append('\n').append(escape(option.description())).append('\n');
    }

    /** As it stands there: no hyphen for a minus, no quote that closes what none opened, no request at the start of a line. */
    private static String escape(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("\"", "\\(dq").replace("~", "\\(ti")
                .replace("^", "\\(ha").replace("`", "\\(ga");
        return escaped.startsWith(".") ? "\\&" + escaped : escaped;
    }
}
