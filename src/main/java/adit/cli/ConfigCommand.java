package adit.cli;

import adit.control.DaemonLock;
import adit.multiformats.MalformedException;
import java.io.IOException;
import java.util.List;

/** Shows or changes one key of the config. */
final class ConfigCommand extends ConfigFileCommand {
    ConfigCommand() {
        super(new Syntax("config", "config", List.of(Argument.required("key", "full name: Addresses.Swarm"),
                Argument.optional("value", "the new value")),
                List.of(Option.flag("the value is JSON", "json"), Option.flag("the value is true or false", "bool")),
                "show or change a setting", """
                The daemon reads the config when it starts: a change takes effect then, one of Tunnels with "adit config reload" as well.

                Example: adit config --json Addresses.Swarm '["/ip4/0.0.0.0/tcp/4002"]'"""));
    }

    @Override
    String remark(Invocation invocation) {
        boolean isTunnels = invocation.arguments().getFirst().startsWith("Tunnels");
        return invocation.arguments().size() < 2 ? null
                : isTunnels ? "the daemon uses it after \"adit config reload\"" : "the daemon uses it from its next start on";
    }

    @Override
    void runOnFile(Invocation invocation, Terminal terminal, ConfigFile file) throws IOException {
        String key = invocation.arguments().getFirst();
        if (invocation.arguments().size() == 1) {
            Object value = get(file.read(), key);
            terminal.print(invocation.wantsJson() ? json(key, value) + "\n" : text(value));
            return;
        }
        Object value = parse(invocation.arguments().get(1), invocation.flag("json"), invocation.flag("bool"));
        Config changed = file.read().with(key, value);
        try (DaemonLock _ = DaemonLock.acquire(terminal.directory())) {
            file.write(changed);
        }
    }

    @Override
    void serve(Call call) throws IOException {
        ConfigFile file = call.daemon().directory().configFile();
        String key = call.argument(0);
        Object value;
        synchronized (call.daemon()) {
            if (call.arguments().size() == 2) {
                value = parse(call.argument(1), call.flag("json"), call.flag("bool"));
                file.write(file.read().with(key, value));
            } else {
                value = get(file.read(), key);
            }
        }
        call.answer(call.arguments().size() == 2 ? "" : text(value), json(key, value));
    }

    private static Object get(Config config, String key) throws CommandException {
        return config.get(key).orElseThrow(() -> new CommandException(key + " is not set"));
    }

    private static Object parse(String text, boolean asJson, boolean asBool) throws CommandException {
        if (asBool) {
            if (!text.equals("true") && !text.equals("false")) {
                throw new UsageException("\"" + text + "\" is neither true nor false", null);
            }
            return text.equals("true");
        }
        try {
            return asJson ? JsonText.parse(text) : text;
        } catch (MalformedException wrong) {
            throw new CommandException("the value is " + wrong.getMessage(), null, wrong);
        }
    }

    private static Json json(String key, Object value) {
        return Json.object().with("Key", key).with("Value", value);
    }

    private static String text(Object value) {
        return (value instanceof String string ? string : Json.indented(value, "  ")) + "\n";
    }
}
