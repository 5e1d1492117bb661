package adit.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The commands as the completions of all shells read them. What stands before the first command is true for every one.
 *
 * <pre>
 * value KIND WORD          what may stand for an argument of that name, or an option of that name with dashes
 * option NAMES:TEXT        --timeout=, with "=" when it takes a value; -v,--headers
 * command NAME:TEXT
 * argument NAME            "address..." when it may be given several times
 * </pre>
 */
final class CommandTable {
    private CommandTable() {}

    /** @param quote what a row looks like in the shell's file */
    static String rows(UnaryOperator<String> quote) {
        List<String> rows = new ArrayList<>();
        values(rows);
        Syntax.GLOBAL.forEach(option -> rows.add(row(option)));
        for (String name : Commands.NAMES) {
            Syntax syntax = Commands.create(name).syntax();
            rows.add("command " + name + ":" + syntax.summary());
            for (Argument argument : syntax.arguments()) {
                rows.add("argument " + argument.name() + (argument.repeated() ? "..." : ""));
            }
            syntax.options().forEach(option -> rows.add(row(option)));
        }
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(quote.apply(row)).append('\n'));
        return text.toString();
    }

    private static void values(List<String> rows) {
        List.of("text", "json").forEach(word -> rows.add("value --encoding " + word));
        List.of("b58mh", "base36", "base32").forEach(word -> rows.add("value --peerid-base " + word));
        Arrays.stream(LogLevel.values()).forEach(level -> rows.add("value --log-level " + level));
        Arrays.stream(LogLevel.values()).forEach(level -> rows.add("value level " + level));
        Arrays.stream(ConfigKey.values()).forEach(key -> rows.add("value key " + key));
        Commands.NAMES.forEach(name -> rows.add("value command " + name));
    }

    private static String row(Option option) {
        List<String> names = new ArrayList<>();
        for (String name : option.names()) {
            names.add((name.length() == 1 ? "-" : "--") + name + (option.isFlag() ? "" : "="));
        }
        return "option " + String.join(",", names) + ":" + option.description();
    }
}
