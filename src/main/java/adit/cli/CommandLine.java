package adit.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a command line: first the words that name the command, then its options and arguments in any order. */
final class CommandLine {
    private static final int MAXIMUM_NAME_WORDS = 4;

    private final String[] words;
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> options = new HashMap<>();
    private final List<Integer> nameWords = new ArrayList<>();
    private Command command;
    private String name = "";
    private int next;

    private CommandLine(String[] words) {
        this.words = words;
    }

    /** @throws UsageException with what is wrong and, where one is near, what was probably meant */
    static Invocation parse(String... words) {
        CommandLine line = new CommandLine(words);
        line.findCommand();
        line.readAll();
        Invocation invocation = new Invocation(line.command, line.arguments, line.options);
        if (!invocation.flag("help")) {
            line.command.syntax().checkArguments(line.arguments);
            line.checkGlobal();
        }
        return invocation;
    }

    /** Options may stand between and before the command's words; the longest name wins. */
    private void findCommand() {
        List<String> candidates = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < words.length && !words[i].equals("--") && candidates.size() < MAXIMUM_NAME_WORDS; i++) {
            if (words[i].startsWith("-") && words[i].length() > 1) {
                Option global = findGlobal(words[i]);
                i += global == null || global.isFlag() || words[i].indexOf('=') > 0 ? 0 : 1;
            } else {
                candidates.add(words[i]);
                places.add(i);
            }
        }
        int prefix = !candidates.isEmpty() && candidates.getFirst().equals("p2p") ? 1 : 0;
        int length = candidates.size() - prefix;
        while (length > 0 && !Commands.NAMES.contains(join(candidates, prefix, length))) {
            length--;
        }
        name = join(candidates, prefix, length);
        nameWords.addAll(places.subList(0, prefix + length));
        command = length == 0 ? null : Commands.create(name);
        if (command == null || prefix == 1 && !command.syntax().path().startsWith("p2p/")) {
            command = helpOn(candidates);
            nameWords.addAll(places);
        }
    }

    private static String join(List<String> words, int from, int count) {
        StringBuilder text = new StringBuilder();
        for (String word : words.subList(from, from + count)) {
            text.append(text.isEmpty() ? "" : " ").append(word);
        }
        return text.toString();
    }

    /** The words name no command: they may name a group of them. */
    private static Command helpOn(List<String> candidates) {
        int prefix = candidates.size() > 1 && candidates.getFirst().equals("p2p") ? 1 : 0;
        String given = join(candidates, prefix, candidates.size() - prefix);
        if (given.isEmpty() || Commands.isGroup(given)) {
            return new HelpCommand(given);
        }
        String nearest = null;
        for (int count = candidates.size() - prefix; count > 0 && nearest == null; count--) {
            nearest = Suggestion.nearest(join(candidates, prefix, count), Commands.NAMES);
        }
        String shown = join(candidates, prefix, Commands.isGroup(candidates.get(prefix)) ? 2 : 1);
        throw new UsageException("unknown command \"" + shown + "\"",
                nearest == null ? "adit help" : "did you mean \"adit " + nearest + "\"?");
    }

    private static Option findGlobal(String word) {
        for (Option option : Syntax.GLOBAL) {
            if (option.names().contains(word.substring(word.startsWith("--") ? 2 : 1))) {
                return option;
            }
        }
        return null;
    }

    private void readAll() {
        boolean onlyArguments = false;
        for (next = 0; next < words.length; next++) {
            String word = words[next];
            if (onlyArguments || word.equals("-") || !word.startsWith("-")) {
                if (!nameWords.contains(next)) {
                    arguments.add(word);
                }
            } else if (word.equals("--")) {
                onlyArguments = true;
            } else if (word.startsWith("--")) {
                readLong(word.substring(2));
            } else {
                readShort(word.substring(1));
            }
        }
    }

    private void readLong(String word) {
        int equals = word.indexOf('=');
        Option option = find(equals < 0 ? word : word.substring(0, equals));
        if (equals >= 0) {
            set(option, word.substring(equals + 1));
        } else {
            set(option, option.isFlag() ? "true" : value(option));
        }
    }

    /** Flags may stand together, the last letter may take a value: -vf, -n3, -n=3, -n 3. */
    private void readShort(String letters) {
        for (int i = 0; i < letters.length(); i++) {
            Option option = find(letters.substring(i, i + 1));
            String rest = letters.substring(i + 1);
            if (rest.startsWith("=")) {
                set(option, rest.substring(1));
                return;
            }
            if (option.isFlag()) {
                set(option, "true");
            } else {
                set(option, rest.isEmpty() ? value(option) : rest);
                return;
            }
        }
    }

    private String value(Option option) {
        if (++next == words.length) {
            throw new UsageException("missing argument for option \"" + option.name() + "\"", null);
        }
        return words[next];
    }

    private void set(Option option, String value) {
        if (option.isFlag() && !value.equals("true") && !value.equals("false")) {
            throw new UsageException("option \"" + option.name() + "\" takes true or false, not \"" + value + "\"", null);
        }
        if (options.put(option.name(), value) != null && !option.isFlag()) {
            throw new UsageException("option \"" + option.name() + "\" is given twice", null);
        }
    }

    private Option find(String given) {
        Option option = command.syntax().option(given);
        if (option != null) {
            return option;
        }
        List<String> names = new ArrayList<>();
        for (Option known : command.syntax().options()) {
            names.add(known.name());
        }
        for (Option known : Syntax.GLOBAL) {
            names.add(known.name());
        }
        String nearest = given.length() == 1 ? null : Suggestion.nearest(given, names);
        throw new UsageException("unknown option \"" + given + "\"", nearest == null
                ? "adit " + (name.isEmpty() ? "" : name + " ") + "--help"
                : "did you mean \"--" + nearest + "\"?");
    }

    private void checkGlobal() {
        String encoding = options.get("encoding");
        if (encoding != null && !encoding.equals("text") && !encoding.equals("json")) {
            throw new UsageException("encoding \"" + encoding + "\" is not known: text and json are", null);
        }
        String timeout = options.get("timeout");
        if (timeout != null) {
            GoDuration.parse(timeout);
        }
        String api = options.get("api");
        if (api != null && !api.startsWith("/unix/")) {
            throw new UsageException("the control socket is a unix socket: --api=/unix/PATH, not " + api, null);
        }
    }
}
