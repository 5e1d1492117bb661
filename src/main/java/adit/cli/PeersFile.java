package adit.cli;

import adit.dht.PeerMemory;
import adit.dht.RememberedPeer;
import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.transport.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** peers.json: peers that were reached, so that a restart needs no bootstrap node. A cache: safe to delete, ignored when it is broken. */
final class PeersFile {
    static final String NAME = "peers.json";
    private static final int MAXIMUM_BYTES = 256 * 1024;

    private final Path file;
    private final Log log;
    private String written = "";

    PeersFile(Path directory, Log log) {
        file = directory.resolve(NAME);
        this.log = log;
    }

    /** Empty when there is none, or none that can be read: that is told. */
    List<RememberedPeer> read() {
        try {
            if (Files.size(file) > MAXIMUM_BYTES) {
                throw new MalformedException("larger than " + MAXIMUM_BYTES + " bytes");
            }
            return parse(Files.readString(file));
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException broken) {
            log.warn("%s is ignored: %s", file, Failures.text(broken));
            return List.of();
        }
    }

    /** @throws MalformedException it is not as {@link #text} makes it */
    static List<RememberedPeer> parse(String text) throws MalformedException {
        List<RememberedPeer> peers = new ArrayList<>();
        if (!(JsonText.parse(text) instanceof Map<?, ?> json) || !(json.get("Peers") instanceof List<?> entries)) {
            throw new MalformedException("it has no list of Peers");
        }
        for (Object entry : entries.subList(0, Math.min(entries.size(), PeerMemory.MAXIMUM_PEERS))) {
            if (!(entry instanceof Map<?, ?> peer) || !(peer.get("Addrs") instanceof List<?> texts)) {
                throw new MalformedException("a peer without Addrs");
            }
            List<Multiaddr> addresses = new ArrayList<>();
            for (Object address : texts.subList(0, Math.min(texts.size(), PeerMemory.MAXIMUM_ADDRESSES))) {
                addresses.add(Multiaddr.parse(String.valueOf(address)));
            }
            peers.add(new RememberedPeer(PeerId.parse(String.valueOf(peer.get("ID"))), addresses, role(peer.get("Role")), time(peer.get("Seen"))));
        }
        return peers;
    }

    private static RememberedPeer.Role role(Object text) throws MalformedException {
        for (RememberedPeer.Role role : RememberedPeer.Role.values()) {
            if (role.name().toLowerCase(Locale.ROOT).equals(text)) {
                return role;
            }
        }
        throw new MalformedException("an unknown role");
    }

    private static Instant time(Object text) throws MalformedException {
        try {
            return Instant.parse(String.valueOf(text));
        } catch (DateTimeException e) {
            throw new MalformedException("a time that is none", e);
        }
    }

    /** Hours are precise enough, and spare the disk. */
    static String text(List<RememberedPeer> peers) {
        List<Json> entries = new ArrayList<>();
        for (RememberedPeer peer : peers) {
            entries.add(Json.object().with("ID", peer.peer()).with("Addrs", peer.addresses())
                    .with("Role", peer.role().name().toLowerCase(Locale.ROOT)).with("Seen", peer.seen().truncatedTo(ChronoUnit.HOURS)));
        }
        return Json.indented(Json.object().with("Peers", entries), " ") + "\n";
    }

    /** Replaces the file whole unless nothing has changed. What goes wrong is told: the daemon goes on without. */
    synchronized void write(List<RememberedPeer> peers) {
        String text = text(peers);
        if (text.equals(written) || peers.isEmpty() && !Files.exists(file)) {
            return;
        }
        try {
            PrivateFile.replace(file, text);
            written = text;
        } catch (IOException failure) {
            log.warn("cannot write %s: %s", file, Failures.text(failure));
        }
    }
}
