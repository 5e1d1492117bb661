package adit.cli;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.transport.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Names that the owner gave to peers, for use wherever a peer id is; names.json in the daemon's directory. A peer has one name at most. Names
 * are resolved when a command is given: what is granted or saved holds the peer's id. Thread-safe; the monitor guards the file.
 */
final class PeerNames {
    static final String NAME = "names.json";
    static final int MAXIMUM = 1000;
    private static final int MAXIMUM_BYTES = 256 * 1024;
    /** What no shell, path or table takes for something else. */
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final String PREFIX = "/p2p/";

    private final Path file;
    private volatile Map<String, PeerId> peers = Map.of();
    private String broken;

    /** Reads the file if there is one. One that is broken is told and left as it is: no name is known then, and none can be given. */
    PeerNames(Path directory, Log log) {
        file = directory.resolve(NAME);
        try {
            if (Files.size(file) > MAXIMUM_BYTES) {
                throw new MalformedException("larger than " + MAXIMUM_BYTES + " bytes");
            }
            peers = parse(Files.readString(file));
        } catch (NoSuchFileException none) {
            // nobody has a name
        } catch (IOException failure) {
            broken = Failures.text(failure);
            log.warn("%s is ignored: %s", file, broken);
        }
    }

    /** @throws MalformedException it is not as {@link #set} makes it */
    static Map<String, PeerId> parse(String text) throws MalformedException {
        if (!(JsonText.parse(text) instanceof Map<?, ?> json) || !(json.get("Names") instanceof Map<?, ?> entries)) {
            throw new MalformedException("it has no Names");
        }
        Map<String, PeerId> peers = new TreeMap<>();
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            peers.put(checked(entry.getKey().toString()), PeerId.parse(String.valueOf(entry.getValue())));
        }
        if (peers.size() > MAXIMUM) {
            throw new MalformedException("more than " + MAXIMUM + " names");
        }
        return peers;
    }

    private static String checked(String name) throws MalformedException {
        boolean isId = true;
        try {
            PeerId.parse(name);
        } catch (MalformedException free) {
            isId = false;
        }
        if (isId || !ALLOWED.matcher(name).matches()) {
            throw new MalformedException("\"" + DaemonLog.oneLine(name) + "\" cannot be a peer's name: 1 to 63 letters, digits, '.', '_' and '-',"
                    + " the first a letter or digit, and no peer id");
        }
        return name;
    }

    /** A peer as the user names it: by its name, alone or behind /p2p/, or as {@link PeerAddress#parse} takes it. */
    PeerAddress resolve(String text) throws IOException {
        PeerId named = peers.get(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text);
        if (named != null) {
            return new PeerAddress(named, List.of());
        }
        try {
            return PeerAddress.parse(text);
        } catch (MalformedException neither) {
            throw ALLOWED.matcher(text).matches() ? new CommandException(neither.getMessage(), "nor is it the name of a peer: adit peer ls", neither) : neither;
        }
    }

    /** By name, sorted. */
    Map<String, PeerId> all() {
        return peers;
    }

    /** Null when it has none. */
    String of(PeerId peer) {
        for (Map.Entry<String, PeerId> entry : peers.entrySet()) {
            if (entry.getValue().equals(peer)) {
                return entry.getKey();
            }
        }
        return null;
    }

    /** The peer's id, or "/p2p/ID", with its name behind it in brackets; any other text as it is. */
    String beside(String text) {
        String id = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
        for (Map.Entry<String, PeerId> entry : peers.entrySet()) {
            if (entry.getValue().toString().equals(id)) {
                return text + " (" + entry.getKey() + ")";
            }
        }
        return text;
    }

    /**
     * Names the peer, in place of its older name.
     *
     * @throws IOException it cannot be a name, it is another peer's, there are too many, or the file cannot be written
     */
    synchronized void set(PeerId peer, String name) throws IOException {
        Map<String, PeerId> changed = new TreeMap<>(peers);
        changed.values().removeIf(peer::equals);
        PeerId other = changed.putIfAbsent(checked(name), peer);
        if (other != null) {
            throw new CommandException(name + " is the name of " + other, "adit peer rm " + name);
        }
        if (changed.size() > MAXIMUM) {
            throw new CommandException("at most " + MAXIMUM + " peers can have names", "adit peer rm NAME");
        }
        write(changed);
    }

    /** Takes the name away; whose it was. */
    synchronized PeerId remove(String name) throws IOException {
        Map<String, PeerId> changed = new TreeMap<>(peers);
        PeerId peer = changed.remove(name);
        if (peer == null) {
            throw new CommandException("no peer is named \"" + DaemonLog.oneLine(name) + "\"", "adit peer ls");
        }
        write(changed);
        return peer;
    }

    private void write(Map<String, PeerId> changed) throws IOException {
        if (broken != null) {
            throw new CommandException(file + " is broken: " + broken, "put it right or remove it, then start the daemon again");
        }
        try {
            PrivateFile.replace(file, Json.indented(Json.object().with("Names", changed), "  ") + "\n");
        } catch (IOException failure) {
            throw new CommandException("cannot write " + file + ", the old one is kept: " + Failures.text(failure), null, failure);
        }
        peers = changed;
    }
}
