package adit.cli;

import adit.multiformats.MalformedException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** config.json in the daemon's directory. It is replaced whole: a full disk or a lost power leaves the old one. */
final class ConfigFile {
    static final String NAME = "config.json";
    static final int MAXIMUM_BYTES = 1 << 20;

    private final Path file;

    ConfigFile(Path directory) {
        file = directory.resolve(NAME);
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** @throws CommandException when it is missing or not as it must be */
    Config read() throws IOException {
        try {
            if (Files.size(file) > MAXIMUM_BYTES) {
                throw new CommandException(file + " is larger than " + MAXIMUM_BYTES + " bytes");
            }
            return Config.of(JsonText.parse(Files.readString(file)));
        } catch (NoSuchFileException missing) {
            throw new CommandException("there is no " + file, "adit init", missing);
        } catch (CharacterCodingException | MalformedException wrong) {
            throw new CommandException(file + ": " + (wrong instanceof MalformedException ? wrong.getMessage() : "not UTF-8"), null, wrong);
        } catch (CommandException wrong) {
            throw new CommandException(file + ": " + wrong.getMessage(), wrong.hint(), wrong);
        }
    }

    void write(Config config) throws IOException {
        try {
            PrivateFile.replace(file, Json.indented(config.tree(), "  ") + "\n");
        } catch (IOException failure) {
            throw new CommandException("cannot write " + file + ", the old one is kept: " + Failures.text(failure), null, failure);
        }
    }
}
