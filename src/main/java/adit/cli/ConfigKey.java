package adit.cli;

import adit.control.Role;
import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.swarm.AnnouncePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The keys of config.json, Kubo's names where the thing is the same, each with what its value must be. */
enum ConfigKey {
    PEER_ID("Identity.PeerID") {
        @Override void check(Object value) throws MalformedException {
            PeerId.parse(string(value));
        }
    },
    SWARM_ADDRESSES("Addresses.Swarm") {
        @Override void check(Object value) throws MalformedException {
            for (Object address : list(value)) {
                if (Multiaddr.parse(string(address)).toTcp().isEmpty()) {
                    throw new MalformedException("adit cannot listen on " + address
                            + ": it must look like /ip4/0.0.0.0/tcp/4001 or /ip6/::/tcp/4001");
                }
            }
        }
    },
    ANNOUNCE("Addresses.Announce") {
        @Override void check(Object value) throws MalformedException {
            checkAddresses(value);
        }
    },
    APPEND_ANNOUNCE("Addresses.AppendAnnounce") {
        @Override void check(Object value) throws MalformedException {
            checkAddresses(value);
        }
    },
    NO_ANNOUNCE("Addresses.NoAnnounce") {
        @Override void check(Object value) throws MalformedException {
            for (Object rule : list(value)) {
                Multiaddr address = Multiaddr.parse(string(rule));
                if (address.has(Multiaddr.Protocol.IPCIDR) && !AnnouncePolicy.isNetwork(address)) {
                    throw new MalformedException("a network must look like /ip4/10.0.0.0/ipcidr/8, not " + rule);
                }
            }
        }
    },
    API_GROUP("API.Group") {
        @Override void check(Object value) throws MalformedException {
            if (!string(value).matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}")) {
                throw new MalformedException("must be the name of a group of users");
            }
        }
    },
    API_GROUP_ROLE("API.GroupRole") {
        @Override void check(Object value) throws MalformedException {
            if (Role.named(string(value)) == null) {
                throw new MalformedException("must be one of " + Arrays.stream(Role.values()).map(Role::toString).collect(Collectors.joining(", ")));
            }
        }
    },
    AUTHORIZATIONS("API.Authorizations") {
        @Override void check(Object value) throws MalformedException {
            Access.check(value);
        }
    },
    BOOTSTRAP("Bootstrap") {
        @Override void check(Object value) throws MalformedException {
            for (Object node : list(value)) {
                if (!Config.AUTO.equals(node)) {
                    checkAddressOfPeer(node);
                }
            }
        }
    },
    PEERING("Peering.Peers") {
        @Override void check(Object value) throws MalformedException {
            for (Object peer : list(value)) {
                checkPeer(peer);
            }
        }
    },
    TLS("Swarm.Transports.Security.TLS") {
        @Override void check(Object value) throws MalformedException {
            checkPriority(value);
        }
    },
    NOISE("Swarm.Transports.Security.Noise") {
        @Override void check(Object value) throws MalformedException {
            checkPriority(value);
        }
    },
    HIGH_WATER("Swarm.ConnMgr.HighWater") {
        @Override void check(Object value) throws MalformedException {
            checkNumber(value, 1, 100_000);
        }
    },
    RELAY_SERVICE("Swarm.RelayService.Enabled") {
        @Override void check(Object value) throws MalformedException {
            checkFlag(value);
        }
    },
    RELAY_DURATION("Swarm.RelayService.ConnectionDurationLimit") {
        @Override void check(Object value) throws MalformedException {
            checkDuration(value, Duration.ofSeconds(1));
        }
    },
    RELAY_DATA("Swarm.RelayService.ConnectionDataLimit") {
        @Override void check(Object value) throws MalformedException {
            checkNumber(value, 1, 1L << 50);
        }
    },
    RELAY_TTL("Swarm.RelayService.ReservationTTL") {
        @Override void check(Object value) throws MalformedException {
            checkDuration(value, Duration.ofMinutes(1));
        }
    },
    RELAY_RESERVATIONS("Swarm.RelayService.MaxReservations") {
        @Override void check(Object value) throws MalformedException {
            checkNumber(value, 1, 100_000);
        }
    },
    RELAY_RESERVATIONS_IP("Swarm.RelayService.MaxReservationsPerIP") {
        @Override void check(Object value) throws MalformedException {
            checkNumber(value, 1, 100_000);
        }
    },
    RELAY_CIRCUITS("Swarm.RelayService.MaxCircuits") {
        @Override void check(Object value) throws MalformedException {
            checkNumber(value, 1, 10_000);
        }
    },
    RELAY_BUFFER("Swarm.RelayService.BufferSize") {
        @Override void check(Object value) throws MalformedException {
            checkNumber(value, 512, 64 << 10);
        }
    },
    RELAY_UNLIMITED("Swarm.RelayService.Unlimited") {
        @Override void check(Object value) throws MalformedException {
            for (Object peer : list(value)) {
                PeerId.parse(string(peer));
            }
        }
    },
    NO_PORT_MAPPING("Swarm.DisableNatPortMap") {
        @Override void check(Object value) throws MalformedException {
            checkFlag(value);
        }
    },
    RELAY_CLIENT("Swarm.RelayClient.Enabled") {
        @Override void check(Object value) throws MalformedException {
            checkFlag(value);
        }
    },
    STATIC_RELAYS("Swarm.RelayClient.StaticRelays") {
        @Override void check(Object value) throws MalformedException {
            for (Object relay : list(value)) {
                checkAddressOfPeer(relay);
            }
        }
    },
    HOLE_PUNCHING("Swarm.EnableHolePunching") {
        @Override void check(Object value) throws MalformedException {
            checkFlag(value);
        }
    },
    MDNS("Discovery.MDNS.Enabled") {
        @Override void check(Object value) throws MalformedException {
            checkFlag(value);
        }
    },
    AUTONAT_SERVICE("AutoNAT.ServiceMode") {
        @Override void check(Object value) throws MalformedException {
            if (!List.of("enabled", "disabled").contains(string(value))) {
                throw new MalformedException("must be enabled or disabled");
            }
        }
    },
    FORCE_REACHABILITY("Internal.Libp2pForceReachability") {
        @Override void check(Object value) throws MalformedException {
            if (!List.of("", "public", "private").contains(string(value))) {
                throw new MalformedException("must be public, private or empty");
            }
        }
    },
    DNS_RESOLVER("DNS.Resolver") {
        @Override void check(Object value) throws MalformedException {
            Multiaddr address = Multiaddr.parse(string(value));
            List<Multiaddr.Component> parts = address.components();
            boolean isIp = parts.getFirst().protocol() == Multiaddr.Protocol.IP4 || parts.getFirst().protocol() == Multiaddr.Protocol.IP6;
            if (!isIp || parts.size() != 2 || parts.get(1).protocol() != Multiaddr.Protocol.UDP) {
                throw new MalformedException("must look like /ip4/192.0.2.53/udp/53");
            }
        }
    },
    ROUTING_TYPE("Routing.Type") {
        @Override void check(Object value) throws MalformedException {
            if (!Config.ROUTING_TYPES.contains(string(value))) {
                throw new MalformedException("must be one of " + String.join(", ", Config.ROUTING_TYPES));
            }
        }
    },
    ROUTING_LOOPBACK("Routing.LoopbackAddressesOnLanDHT") {
        @Override void check(Object value) throws MalformedException {
            checkFlag(value);
        }
    },
    ROUTING_PREFIX("Routing.ProtocolPrefix") {
        @Override void check(Object value) throws MalformedException {
            if (!string(value).matches("(/[a-zA-Z0-9._-]{1,64}){1,4}")) {
                throw new MalformedException("must look like /ipfs or /my/network");
            }
        }
    },
    LISTENERS("Tunnels.Listeners") {
        @Override void check(Object value) throws MalformedException {
            TunnelEntry.list(list(value), TunnelEntry.OfListener::parse);
        }
    },
    FORWARDERS("Tunnels.Forwarders") {
        @Override void check(Object value) throws MalformedException {
            TunnelEntry.list(list(value), TunnelEntry.OfForwarder::parse);
        }
    },
    STREAM_MOUNTING("Experimental.Libp2pStreamMounting") {
        @Override void check(Object value) throws MalformedException {
            if (!Boolean.TRUE.equals(value)) {
                throw new MalformedException("must be true: adit's tunnels are always on");
            }
        }
    };

    private final String path;

    ConfigKey(String path) {
        this.path = path;
    }

    /** The words of the message follow the key's name. */
    abstract void check(Object value) throws MalformedException;

    /** The full name, sections separated by dots. */
    @Override public String toString() {
        return path;
    }

    /** Null when there is none of that name. */
    static ConfigKey named(String name) {
        for (ConfigKey key : values()) {
            if (key.path.equals(name)) {
                return key;
            }
        }
        return null;
    }

    static boolean isSection(String name) {
        for (ConfigKey key : values()) {
            if (key.path.startsWith(name + ".")) {
                return true;
            }
        }
        return false;
    }

    /** Names of all keys and sections. */
    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (ConfigKey key : values()) {
            names.add(key.path);
            for (int dot = key.path.indexOf('.'); dot > 0; dot = key.path.indexOf('.', dot + 1)) {
                if (!names.contains(key.path.substring(0, dot))) {
                    names.add(key.path.substring(0, dot));
                }
            }
        }
        return names;
    }

    private static String string(Object value) throws MalformedException {
        if (value instanceof String text) {
            return text;
        }
        throw new MalformedException("must be a string, not " + Json.excerpt(value));
    }

    private static List<?> list(Object value) throws MalformedException {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new MalformedException("must be a list, not " + Json.excerpt(value));
    }

    private static void checkAddressOfPeer(Object value) throws MalformedException {
        if (Multiaddr.parse(string(value)).components().getLast().protocol() != Multiaddr.Protocol.P2P) {
            throw new MalformedException(value + " has no peer id: it must look like /ip4/192.0.2.7/tcp/4001/p2p/12D3Koo…");
        }
    }

    private static void checkAddresses(Object value) throws MalformedException {
        for (Object address : list(value)) {
            if (Multiaddr.parse(string(address)).components().getFirst().protocol() == Multiaddr.Protocol.P2P) {
                throw new MalformedException(address + " tells no place");
            }
        }
    }

    private static void checkPeer(Object value) throws MalformedException {
        if (!(value instanceof Map<?, ?> peer) || !peer.containsKey("ID")) {
            throw new MalformedException("must be a list of {\"ID\": …, \"Addrs\": […]}");
        }
        for (Object name : peer.keySet()) {
            if (!name.equals("ID") && !name.equals("Addrs")) {
                throw new MalformedException("has an unknown key " + name + ": ID and Addrs are known");
            }
        }
        PeerId.parse(string(peer.get("ID")));
        if (peer.get("Addrs") != null) {
            for (Object address : list(peer.get("Addrs"))) {
                Multiaddr.parse(string(address));
            }
        }
    }

    private static void checkFlag(Object value) throws MalformedException {
        if (!(value instanceof Boolean)) {
            throw new MalformedException("must be true or false");
        }
    }

    private static void checkNumber(Object value, long least, long most) throws MalformedException {
        if (!(value instanceof Long number) || number < least || number > most) {
            throw new MalformedException("must be a number from " + least + " to " + most);
        }
    }

    private static void checkDuration(Object value, Duration least) throws MalformedException {
        try {
            if (GoDuration.parse(string(value)).compareTo(least) < 0) {
                throw new MalformedException("must be at least " + least.toSeconds() + "s");
            }
        } catch (UsageException wrong) {
            throw new MalformedException("must be a duration like 90s, 2m or 1h", wrong);
        }
    }

    /** As in Kubo: false for off, or a number; the lower one is proposed first. */
    private static void checkPriority(Object value) throws MalformedException {
        if (!(value instanceof Boolean) && !(value instanceof Long number && number > 0)) {
            throw new MalformedException("must be true, false or a number above 0, the lower one being proposed first");
        }
    }
}
