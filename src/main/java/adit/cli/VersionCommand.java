package adit.cli;

import java.io.IOException;
import java.util.List;

/** The version, of this program and of the Java it runs on. */
final class VersionCommand extends Command {
    static final String VERSION = "0.1.0";

    VersionCommand() {
        super(new Syntax("version", "version", List.of(), List.of(
                Option.flag("print the number only", "number", "n"), Option.flag("print everything", "all"),
                Option.flag("print the commit", "commit"), Option.flag("print the version of the repository", "repo")),
                "print the version", "Example: adit version"));
    }

    @Override
    int run(Invocation invocation, Terminal terminal) throws IOException {
        terminal.print(invocation.wantsJson() ? json() + "\n" : text(invocation.flag("number")));
        return 0;
    }

    @Override
    void serve(Call call) throws IOException {
        call.answer(text(call.flag("number")), json());
    }

    private static String text(boolean number) {
        return number ? VERSION + "\n" : "adit version " + VERSION + "\n";
    }

    /** Kubo's fields. */
    private static Json json() {
        return Json.object().with("Version", VERSION).with("Commit", "").with("Repo", "")
                .with("System", System.getProperty("os.arch") + "/" + System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT))
                .with("Golang", "").with("Java", System.getProperty("java.version"));
    }
}
