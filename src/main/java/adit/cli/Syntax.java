package adit.cli;

import java.util.List;

/**
 * What a command is called and takes: read by the command line, by the RPC and by help.
 *
 * @param name words of the command line: "stream ls"
 * @param path of the RPC below /api/v0/: "p2p/stream/ls"; "" for a command that runs in the caller's process only
 * @param arguments in order
 * @param options without those of every command
 * @param summary one line for the list of commands
 * @param details further help, ends with an example
 */
record Syntax(String name, String path, List<Argument> arguments, List<Option> options, String summary, String details) {
    /** Options of every command; the daemon ignores those that only mean something to the caller. */
    static final List<Option> GLOBAL = List.of(
            Option.valued("ENCODING", "text or json (default: text)", "encoding", "enc"),
            Option.valued("DURATION", "give up after this time: 30s, 1m30s", "timeout"),
            Option.valued("ADDRESS", "control socket of the daemon: /unix/PATH", "api"),
            Option.flag("explain the command", "help", "h"));

    /** The option of that name, null when there is none. */
    Option option(String given) {
        for (Option option : options) {
            if (option.names().contains(given)) {
                return option;
            }
        }
        for (Option option : GLOBAL) {
            if (option.names().contains(given)) {
                return option;
            }
        }
        return null;
    }

    /** Throws when the number of arguments is wrong, in Kubo's words. */
    void checkArguments(List<String> given) {
        for (int i = given.size(); i < arguments.size(); i++) {
            if (arguments.get(i).required()) {
                throw new UsageException("argument \"" + arguments.get(i).name() + "\" is required", null);
            }
        }
        boolean unlimited = !arguments.isEmpty() && arguments.getLast().repeated();
        if (!unlimited && given.size() > arguments.size()) {
            throw new UsageException("expected " + arguments.size() + " argument(s), got " + given.size(), null);
        }
    }

    /** "adit listen [options] <protocol> <target-address>". */
    String synopsis() {
        StringBuilder text = new StringBuilder("adit ").append(name);
        if (!options.isEmpty()) {
            text.append(" [options]");
        }
        for (Argument argument : arguments) {
            text.append(' ').append(argument.synopsis());
        }
        return text.toString();
    }
}
