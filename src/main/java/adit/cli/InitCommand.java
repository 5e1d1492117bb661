package adit.cli;

import adit.control.DaemonLock;
import adit.identity.KeyFile;
import adit.identity.PrivateKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Makes identity and config. */
final class InitCommand extends Command {
    InitCommand() {
        super(new Syntax("init", "", List.of(), List.of(
                Option.valued("DIRECTORY", "take over the identity of a Kubo repository, and the settings adit shares with it",
                        "from-kubo")),
                "create the identity and the config", """
                The daemon does this by itself when they are missing.

                Example: adit init --from-kubo ~/.ipfs"""));
    }

    @Override
    int run(Invocation invocation, Terminal terminal) throws IOException {
        DaemonDirectory directory = new DaemonDirectory(terminal.directory());
        directory.create();
        try (DaemonLock _ = DaemonLock.acquire(directory.path())) {
            if (directory.hasKey()) {
                throw new CommandException("there is an identity in " + directory.path() + " already: it stays",
                        "for another one choose another directory: export ADIT_PATH=DIRECTORY");
            }
            String kubo = invocation.option("from-kubo");
            PrivateKey key = kubo == null ? directory.identity(line -> {})
                    : takeOver(KuboRepository.read(Path.of(kubo)), directory, terminal);
            terminal.print("peer identity: " + key.peerId() + "\n");
            directory.config(key.peerId(), line -> {});
            terminal.print("initialized " + directory.path() + "\n");
        }
        return 0;
    }

    private static PrivateKey takeOver(KuboRepository kubo, DaemonDirectory directory, Terminal terminal) throws IOException {
        PrivateKey key = kubo.identity();
        Config config = Config.initial(key.peerId()).with(ConfigKey.SWARM_ADDRESSES.toString(), kubo.swarmAddresses())
                .with(ConfigKey.BOOTSTRAP.toString(), kubo.bootstrap()).with(ConfigKey.PEERING.toString(), kubo.peering());
        for (ConfigKey shared : KuboRepository.SHARED) {
            Object value = kubo.value(shared);
            try {
                if (value != null) {
                    config = config.with(shared.toString(), value);
                }
            } catch (CommandException other) {
                terminal.say("adit: " + shared + " is " + Json.excerpt(value) + " there, which adit does not have: it uses its default");
            }
        }
        if (directory.configFile().exists()) {
            throw new CommandException("there is a config in " + directory.path() + " already: it stays",
                    "for another one choose another directory: export ADIT_PATH=DIRECTORY");
        }
        KeyFile.create(directory.keyFile(), key);
        directory.configFile().write(config);
        terminal.say("adit: Kubo and adit now have the same identity: never run both at once, peers would lose one or the other");
        return key;
    }
}
