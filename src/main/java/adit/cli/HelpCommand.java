package adit.cli;

import java.io.IOException;
import java.util.List;

/** Help on everything, on a group of commands, or on one command. */
final class HelpCommand extends Command {
    private static final String RECIPES = "recipes";

    private final String group;

    /** @param group words that commands' names begin with, "" for all */
    HelpCommand(String group) {
        super(new Syntax("help", "", List.of(new Argument("command", false, true, "what to explain; \"recipes\" for working examples")), List.of(),
                "explain adit or one command", "Example: adit help recipes"));
        this.group = group;
    }

    @Override
    int run(Invocation invocation, Terminal terminal) throws IOException {
        StringBuilder words = new StringBuilder();
        for (String word : invocation.arguments()) {
            if (!word.equals("p2p")) {
                words.append(words.isEmpty() ? "" : " ").append(word);
            }
        }
        String name = words.isEmpty() ? group : words.toString();
        Command command = Commands.create(name);
        if (name.equals(RECIPES)) {
            terminal.print(Recipes.help());
        } else if (command != null && !name.equals("help")) {
            terminal.print(explain(command.syntax()));
        } else if (name.isEmpty() || name.equals("help") || Commands.isGroup(name)) {
            terminal.print(overview(name.equals("help") ? "" : name));
        } else {
            throw new UsageException("unknown command \"" + name + "\"", "adit help");
        }
        return 0;
    }

    static String overview(String group) {
        StringBuilder text = new StringBuilder();
        if (group.isEmpty()) {
            text.append("adit reaches a TCP service on another machine with nothing but its peer id.\n\n")
                    .append("usage: adit <command> [options] [arguments]\n\n");
        }
        for (String name : Commands.NAMES) {
            if (group.isEmpty() || group.equals("p2p") || name.startsWith(group + " ") || name.equals(group)) {
                Syntax syntax = Commands.create(name).syntax();
                if (!group.equals("p2p") || syntax.path().startsWith("p2p/")) {
                    column(text, name).append(syntax.summary()).append('\n');
                }
            }
        }
        if (group.isEmpty()) {
            text.append("\noptions of every command:\n");
            for (Option option : Syntax.GLOBAL) {
                column(text, option.synopsis()).append(option.description()).append('\n');
            }
            text.append("\n\"adit <command> --help\" explains one, \"adit help recipes\" shows ssh, git, databases and more.\n")
                    .append("ADIT_PATH is the daemon's directory (default: ~/.adit).\n");
        }
        return text.toString();
    }

    static String explain(Syntax syntax) {
        StringBuilder text = new StringBuilder();
        text.append("usage: ").append(syntax.synopsis()).append("\n\n").append(syntax.summary()).append('\n');
        if (!syntax.arguments().isEmpty()) {
            text.append('\n');
            for (Argument argument : syntax.arguments()) {
                column(text, argument.synopsis()).append(argument.description()).append('\n');
            }
        }
        if (!syntax.options().isEmpty()) {
            text.append('\n');
            for (Option option : syntax.options()) {
                column(text, option.synopsis()).append(option.description()).append('\n');
            }
        }
        return text.append('\n').append(syntax.details()).append('\n').toString();
    }

    private static StringBuilder column(StringBuilder text, String word) {
        text.append("  ").append(word);
        return text.append(" ".repeat(Math.max(1, 26 - word.length())));
    }
}
