package adit.cli;

import java.io.IOException;

/**
 * One command: what it is called and takes, what the caller's process does for it, and what the daemon does. The caller's side loads
 * as little as possible: a command lasts a moment and most of it is loading classes.
 */
abstract class Command {
    private final Syntax syntax;

    Command(Syntax syntax) {
        this.syntax = syntax;
    }

    final Syntax syntax() {
        return syntax;
    }

    /**
     * The caller's side; as a rule the daemon is asked and its answer copied.
     *
     * @return the exit code
     */
    int run(Invocation invocation, Terminal terminal) throws IOException {
        return new DaemonRequest(invocation, terminal).run();
    }

    /** What the daemon is sent along with the arguments. */
    byte[] body(Invocation invocation, Terminal terminal) throws IOException {
        return new byte[0];
    }

    /** What the user is told on the error channel once the daemon has accepted the command; null for nothing. */
    String remark(Invocation invocation) {
        return null;
    }

    /** What the user is told when the daemon has not answered after a moment; null for nothing. */
    String patience() {
        return null;
    }

    /** The daemon's side. */
    void serve(Call call) throws IOException {
        throw new CommandException("\"" + syntax.name() + "\" is no command for the daemon");
    }
}
