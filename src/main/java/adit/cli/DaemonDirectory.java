package adit.cli;

import adit.control.ApiFile;
import adit.identity.KeyFile;
import adit.identity.PeerId;
import adit.identity.PrivateKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;

/** ADIT_PATH: what a daemon keeps in it. The directory is its user's alone, whatever the umask. */
final class DaemonDirectory {
    private final Path path;

    DaemonDirectory(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    Path keyFile() {
        return path.resolve("identity.key");
    }

    Path socket() {
        return path.resolve("api.sock");
    }

    ConfigFile configFile() {
        return new ConfigFile(path);
    }

    /** Makes the directory unless it is there. */
    void create() throws CommandException {
        try {
            Path parent = path.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            try {
                Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            } catch (FileAlreadyExistsException exists) {
                checkPrivate();
            }
        } catch (CommandException ours) {
            throw ours;
        } catch (IOException failure) {
            throw new CommandException("cannot create the directory " + path + ": " + Failures.text(failure),
                    "choose another: export ADIT_PATH=DIRECTORY", failure);
        }
    }

    private void checkPrivate() throws IOException {
        if (!Files.isDirectory(path)) {
            throw new CommandException(path + " is not a directory", "choose another: export ADIT_PATH=DIRECTORY");
        }
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        // a group of the config may pass through to the socket
        if (!mode.endsWith("------") && !mode.equals("rwx--x---")) {
            throw new CommandException("directory " + path + " is open to other users (mode " + mode + ")", "chmod 700 " + path);
        }
    }

    /** Removes what a process that was killed while it wrote a file left beside it. For who holds the lock: nobody else writes then. */
    void removeLeftovers() {
        String[] names = path.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            if (name.endsWith(".new") && (name.startsWith(".") || name.startsWith(ApiFile.NAME))) {
                path.resolve(name).toFile().delete();
            }
        }
    }

    boolean hasKey() {
        return Files.exists(keyFile(), LinkOption.NOFOLLOW_LINKS);
    }

    /** The identity; makes one when there is none and tells so. */
    PrivateKey identity(Consumer<String> notices) throws IOException {
        if (!hasKey()) {
            if (configFile().exists() && configFile().read().peerId().isPresent()) {
                throw new CommandException(keyFile() + " is missing, but the config belongs to peer " + configFile().read().peerId().get(),
                        "restore the key from a backup, or remove " + path.resolve(ConfigFile.NAME) + " to begin with a new identity");
            }
            PrivateKey key = PrivateKey.generate();
            KeyFile.create(keyFile(), key);
            notices.accept("created a new identity in " + keyFile());
        }
        return KeyFile.read(keyFile());
    }

    /** The config; makes one when there is none and tells so. */
    Config config(PeerId self, Consumer<String> notices) throws IOException {
        if (!configFile().exists()) {
            configFile().write(Config.initial(self));
            notices.accept("created the config " + path.resolve(ConfigFile.NAME));
        }
        Config config = configFile().read();
        if (config.peerId().isPresent() && !config.peerId().get().equals(self)) {
            throw new CommandException("Identity.PeerID in " + path.resolve(ConfigFile.NAME) + " is " + config.peerId().get() + ", but "
                    + keyFile() + " is the key of " + self, "adit config Identity.PeerID " + self);
        }
        return config;
    }
}
