package adit.cli;

import adit.identity.PrivateKey;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A Kubo repository, for what adit takes over from it. Its private key is never shown, not in an error either. */
final class KuboRepository {
    /** Keys whose values mean the same in both. */
    static final List<ConfigKey> SHARED = List.of(ConfigKey.ANNOUNCE, ConfigKey.APPEND_ANNOUNCE, ConfigKey.NO_ANNOUNCE, ConfigKey.NO_PORT_MAPPING,
            ConfigKey.RELAY_SERVICE, ConfigKey.RELAY_DURATION, ConfigKey.RELAY_DATA, ConfigKey.RELAY_TTL, ConfigKey.RELAY_RESERVATIONS,
            ConfigKey.RELAY_RESERVATIONS_IP, ConfigKey.RELAY_CIRCUITS, ConfigKey.RELAY_BUFFER, ConfigKey.RELAY_CLIENT, ConfigKey.STATIC_RELAYS,
            ConfigKey.HOLE_PUNCHING, ConfigKey.AUTONAT_SERVICE, ConfigKey.MDNS, ConfigKey.ROUTING_TYPE, ConfigKey.ROUTING_LOOPBACK);
    private static final int MAXIMUM_BYTES = 4 << 20;

    private final Path file;
    private final Map<?, ?> config;

    private KuboRepository(Path file, Map<?, ?> config) {
        this.file = file;
        this.config = config;
    }

    /** @param directory IPFS_PATH of that Kubo */
    static KuboRepository read(Path directory) throws IOException {
        Path file = directory.resolve("config");
        try {
            if (Files.size(file) > MAXIMUM_BYTES) {
                throw new CommandException(file + " is larger than " + MAXIMUM_BYTES + " bytes");
            }
            if (JsonText.parse(Files.readString(file)) instanceof Map<?, ?> config) {
                return new KuboRepository(file, config);
            }
            throw new CommandException(file + " is not the config of a Kubo repository");
        } catch (NoSuchFileException missing) {
            throw new CommandException("no Kubo repository in " + directory + ": there is no " + file, null, missing);
        } catch (CharacterCodingException | MalformedException wrong) {
            // the parser's words could quote a part of the file
            throw new CommandException(file + " is not the config of a Kubo repository: it cannot be parsed");
        }
    }

    private Object value(String section, String name) {
        return config.get(section) instanceof Map<?, ?> inner ? inner.get(name) : null;
    }

    /** Null when it is not set. */
    Object value(ConfigKey key) {
        Object value = config;
        for (String part : key.toString().split("\\.")) {
            value = value instanceof Map<?, ?> section ? section.get(part) : null;
        }
        return value;
    }

    /** Checked against Identity.PeerID. */
    PrivateKey identity() throws CommandException {
        if (!(value("Identity", "PrivKey") instanceof String text)) {
            throw new CommandException(file + " has no Identity.PrivKey");
        }
        PrivateKey key;
        try {
            key = PrivateKey.fromProtobuf(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException | MalformedException wrong) {
            throw new CommandException("Identity.PrivKey in " + file + " is no private key");
        }
        Object peerId = value("Identity", "PeerID");
        if (!key.peerId().toString().equals(peerId)) {
            throw new CommandException("Identity.PeerID in " + file + " is " + peerId + ", but its private key is that of " + key.peerId());
        }
        return key;
    }

    /** The addresses adit can listen on; its defaults when there are none. */
    List<String> swarmAddresses() {
        List<String> usable = new ArrayList<>();
        if (value("Addresses", "Swarm") instanceof List<?> addresses) {
            for (Object address : addresses) {
                if (isTcp(address)) {
                    usable.add(address.toString());
                }
            }
        }
        return usable.isEmpty() ? Config.DEFAULT_SWARM_ADDRESSES : usable;
    }

    private static boolean isTcp(Object address) {
        try {
            return Multiaddr.parse(String.valueOf(address)).toTcp().isPresent();
        } catch (MalformedException other) {
            return false;
        }
    }

    /** Bootstrap as it is; none of it is "null" there. */
    Object bootstrap() {
        return config.get("Bootstrap") instanceof List<?> nodes ? nodes : config.containsKey("Bootstrap") ? List.of() : List.of(Config.AUTO);
    }

    /** Peering.Peers as it is. */
    Object peering() {
        return value("Peering", "Peers") instanceof List<?> peers ? peers : List.of();
    }
}
