package adit.cli;

import adit.control.DaemonLock;
import adit.multiformats.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Shows what would change, or changes it, so that the tunnels of the config are those of a file. The caller reads it and sends it along. */
final class PlanCommand extends ConfigFileCommand {
    private static final String STANDARD_INPUT = "-";

    private final Kind kind;
    private byte[] contents;

    enum Kind { PLAN, APPLY }

    PlanCommand(Kind kind) {
        super(syntax(kind));
        this.kind = kind;
    }

    private static Syntax syntax(Kind kind) {
        List<Argument> file = List.of(Argument.required("file", "what \"adit export\" prints, changed as you like; - for standard input"));
        return switch (kind) {
            case PLAN -> new Syntax("plan", "plan", file, List.of(), "show what \"adit apply\" would do with the tunnels of the config",
                    "Example: adit plan tunnels.json");
            case APPLY -> new Syntax("apply", "apply", file, List.of(), "make the tunnels of the config those of a file", """
                    All or nothing: with a file that is wrong nothing changes. Tunnels that stay as they are, and the streams in them, are not
                    touched; neither are tunnels that are not in the config. Streams of a tunnel that is closed or changed go on, except those
                    of peers that --allow no longer names.

                    Example: adit apply tunnels.json""");
        };
    }

    @Override
    byte[] body(Invocation invocation, Terminal terminal) throws IOException {
        if (contents == null) {
            String name = invocation.arguments().getFirst();
            try (InputStream in = name.equals(STANDARD_INPUT) ? terminal.in() : Files.newInputStream(Path.of(name))) {
                contents = in.readNBytes(ConfigFile.MAXIMUM_BYTES + 1);
            } catch (IOException failure) {
                throw new CommandException("cannot read " + name + ": " + Failures.text(failure), null, failure);
            }
            if (contents.length > ConfigFile.MAXIMUM_BYTES) {
                throw new CommandException(name + " is larger than " + ConfigFile.MAXIMUM_BYTES + " bytes");
            }
        }
        return contents;
    }

    @Override
    void runOnFile(Invocation invocation, Terminal terminal, ConfigFile file) throws IOException {
        List<TunnelEntry> wanted = wanted(body(invocation, terminal));
        Config config = file.read();
        TunnelPlan plan = TunnelPlan.of(config.tunnels(), wanted);
        if (kind == Kind.APPLY) {
            try (DaemonLock _ = DaemonLock.acquire(terminal.directory())) {
                file.write(config.withTunnels(wanted));
            }
        }
        terminal.print(invocation.wantsJson() ? plan.json() + "\n" : plan.words());
    }

    @Override
    void serve(Call call) throws IOException {
        List<TunnelEntry> wanted = wanted(call.exchange().body());
        SavedTunnels saved = call.daemon().saved();
        TunnelPlan plan;
        synchronized (call.daemon()) {
            if (kind == Kind.APPLY) {
                ConfigFile file = call.daemon().directory().configFile();
                file.write(file.read().withTunnels(wanted));
                plan = saved.apply(wanted);
            } else {
                plan = saved.plan(wanted);
            }
        }
        call.answer(plan.words(), plan.json());
    }

    /** The tunnels of a file, which has nothing else. */
    private static List<TunnelEntry> wanted(byte[] file) throws IOException {
        try {
            Object json = JsonText.parse(file);
            if (!new JsonFields(json, List.of("Tunnels")).has("Tunnels")) {
                throw new MalformedException("it has no Tunnels");
            }
            return Config.of(json).tunnels();
        } catch (MalformedException wrong) {
            throw new CommandException("nothing is changed, the file is wrong: " + wrong.getMessage(), "see what it must look like: adit export", wrong);
        } catch (CommandException wrong) {
            throw new CommandException("nothing is changed, the file is wrong: " + wrong.getMessage(), wrong.hint(), wrong);
        }
    }
}
