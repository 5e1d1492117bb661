package adit.cli;

import adit.multiformats.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** config.json in the daemon's directory. It is replaced whole: a full disk or a lost power leaves the old one. */
final class ConfigFile {
    static final String NAME = "config.json";
    private static final int MAXIMUM_BYTES = 1 << 20;

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
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(Json.indented(config.tree(), "  ") + "\n");
        Path directory = file.toAbsolutePath().getParent();
        Path fresh = null;
        try {
            fresh = Files.createTempFile(directory, ".config", ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new CommandException("cannot write " + file + ", the old one is kept: " + Failures.text(failure), null, failure);
        } finally {
            if (fresh != null) {
                Files.deleteIfExists(fresh);
            }
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
