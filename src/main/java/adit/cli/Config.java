package adit.cli;

import adit.control.GroupAccess;
import adit.control.Role;
import adit.dht.Bootstrap;
import adit.dht.DhtMode;
import adit.dht.DhtSettings;
import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.relay.RelayLimit;
import adit.relay.RelayServiceSettings;
import adit.relay.AutoNatSettings;
import adit.relay.Reachability;
import adit.swarm.AnnouncePolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What config.json says: a tree of sections whose leaves are {@link ConfigKey}s. Checked whole before it exists. Immutable. */
final class Config {
    static final List<String> DEFAULT_SWARM_ADDRESSES = List.of("/ip4/0.0.0.0/tcp/4001", "/ip6/::/tcp/4001");
    /** In the list of bootstrap nodes: those built in. */
    static final String AUTO = "auto";
    /** What Routing.Type may be, Kubo's words. */
    static final List<String> ROUTING_TYPES = List.of("auto", "autoclient", "dht", "dhtclient", "dhtserver", "none");
    private static final int DEFAULT_HIGH_WATER = 256;
    private static final long DEFAULT_TLS_PRIORITY = 100;
    private static final long DEFAULT_NOISE_PRIORITY = 200;

    private final Map<?, ?> tree;

    private Config(Map<?, ?> tree) {
        this.tree = tree;
    }

    /** A config to begin with. */
    static Config initial(PeerId self) {
        return new Config(Map.of()).withChecked(ConfigKey.PEER_ID, self.toString())
                .withChecked(ConfigKey.SWARM_ADDRESSES, DEFAULT_SWARM_ADDRESSES).withChecked(ConfigKey.BOOTSTRAP, List.of(AUTO))
                .withChecked(ConfigKey.PEERING, List.of());
    }

    /** @throws CommandException with the full name of the key that is unknown or has a wrong value */
    static Config of(Object json) throws CommandException {
        if (!(json instanceof Map<?, ?> tree)) {
            throw new CommandException("the config must be a JSON object");
        }
        check("", tree);
        return new Config(tree);
    }

    private static void check(String prefix, Map<?, ?> section) throws CommandException {
        for (Map.Entry<?, ?> entry : section.entrySet()) {
            String name = prefix + entry.getKey();
            ConfigKey key = ConfigKey.named(name);
            if (key != null) {
                try {
                    key.check(entry.getValue());
                } catch (MalformedException wrong) {
                    throw new CommandException("wrong value of " + name + ": " + wrong.getMessage(), null, wrong);
                }
            } else if (!ConfigKey.isSection(name)) {
                throw unknownKey(name);
            } else if (entry.getValue() instanceof Map<?, ?> inner) {
                check(name + ".", inner);
            } else {
                throw new CommandException("wrong value of " + name + ": must be an object, not " + Json.excerpt(entry.getValue()));
            }
        }
    }

    private static CommandException unknownKey(String name) {
        String nearest = Suggestion.nearest(name, ConfigKey.names());
        return new CommandException("unknown key " + name,
                nearest == null ? "keys are " + List.of(ConfigKey.values()) : "did you mean " + nearest + "?");
    }

    /** The value of a key or a section, empty when it is not set. */
    Optional<Object> get(String name) throws CommandException {
        if (ConfigKey.named(name) == null && !ConfigKey.isSection(name)) {
            throw unknownKey(name);
        }
        Object value = tree;
        for (String part : name.split("\\.")) {
            value = value instanceof Map<?, ?> section ? section.get(part) : null;
        }
        return Optional.ofNullable(value);
    }

    /** This config with another value for a key or a section. */
    Config with(String name, Object value) throws CommandException {
        if (ConfigKey.named(name) == null && !ConfigKey.isSection(name)) {
            throw unknownKey(name);
        }
        return of(with(tree, name, value));
    }

    private Config withChecked(ConfigKey key, Object value) {
        return new Config(with(tree, key.toString(), value));
    }

    private static Map<String, Object> with(Map<?, ?> section, String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>();
        section.forEach((key, old) -> changed.put(key.toString(), old));
        int dot = name.indexOf('.');
        if (dot < 0) {
            changed.put(name, value);
        } else {
            String head = name.substring(0, dot);
            Map<?, ?> inner = changed.get(head) instanceof Map<?, ?> map ? map : Map.of();
            changed.put(head, with(inner, name.substring(dot + 1), value));
        }
        return changed;
    }

    /** Keys that a running daemon does not use at once, whose values are not those of the older config. */
    List<String> changedSince(Config older) {
        List<String> names = new ArrayList<>();
        for (ConfigKey key : ConfigKey.values()) {
            boolean isUsedAtOnce = key == ConfigKey.BOOTSTRAP || key == ConfigKey.LISTENERS || key == ConfigKey.FORWARDERS;
            if (!isUsedAtOnce && !Objects.equals(value(key), older.value(key))) {
                names.add(key.toString());
            }
        }
        return names;
    }

    Map<?, ?> tree() {
        return tree;
    }

    private Object value(ConfigKey key) {
        try {
            return get(key.toString()).orElse(null);
        } catch (CommandException impossible) {
            throw new AssertionError(impossible);
        }
    }

    Optional<PeerId> peerId() throws MalformedException {
        return value(ConfigKey.PEER_ID) instanceof String text ? Optional.of(PeerId.parse(text)) : Optional.empty();
    }

    List<Multiaddr> swarmAddresses() throws MalformedException {
        List<?> texts = value(ConfigKey.SWARM_ADDRESSES) instanceof List<?> list ? list : DEFAULT_SWARM_ADDRESSES;
        return addresses(texts);
    }

    /** What the user says about the addresses that others are told. */
    AnnouncePolicy announce() throws MalformedException {
        return new AnnouncePolicy(bare(ConfigKey.ANNOUNCE), bare(ConfigKey.APPEND_ANNOUNCE), bare(ConfigKey.NO_ANNOUNCE));
    }

    private List<Multiaddr> bare(ConfigKey key) throws MalformedException {
        List<?> texts = value(key) instanceof List<?> list ? list : List.of();
        return addresses(texts).stream().flatMap(address -> address.withoutTrailingPeerId().stream()).toList();
    }

    private static List<Multiaddr> addresses(List<?> texts) throws MalformedException {
        List<Multiaddr> addresses = new ArrayList<>();
        for (Object text : texts) {
            addresses.add(Multiaddr.parse(text.toString()));
        }
        return addresses;
    }

    /** Whether this node uses relays, to reach others and to be reached. */
    boolean isRelayClient() {
        return !Boolean.FALSE.equals(value(ConfigKey.RELAY_CLIENT));
    }

    /** Relays at which places are to be reserved; empty for those that are found. */
    List<PeerAddress> staticRelays() throws MalformedException, CommandException {
        List<PeerAddress> relays = new ArrayList<>();
        for (Object text : value(ConfigKey.STATIC_RELAYS) instanceof List<?> list ? list : List.of()) {
            relays.add(PeerAddress.parse(text.toString()));
        }
        return relays;
    }

    /** Whether relayed connections are replaced by direct ones. */
    boolean isHolePunching() {
        return !Boolean.FALSE.equals(value(ConfigKey.HOLE_PUNCHING));
    }

    List<PeerAddress> peering() throws MalformedException {
        List<PeerAddress> peers = new ArrayList<>();
        if (value(ConfigKey.PEERING) instanceof List<?> list) {
            for (Object entry : list) {
                Map<?, ?> peer = (Map<?, ?>) entry;
                List<Multiaddr> addresses = new ArrayList<>();
                for (Multiaddr address : addresses(peer.get("Addrs") instanceof List<?> texts ? texts : List.of())) {
                    address.withoutTrailingPeerId().ifPresent(addresses::add);
                }
                peers.add(new PeerAddress(PeerId.parse(peer.get("ID").toString()), addresses));
            }
        }
        return peers;
    }

    /** Protocol ids in the order in which they are proposed; null when the config does not say. */
    List<String> security() throws CommandException {
        Object tls = value(ConfigKey.TLS);
        Object noise = value(ConfigKey.NOISE);
        if (tls == null && noise == null) {
            return null;
        }
        List<String> protocols = new ArrayList<>();
        if (!Boolean.FALSE.equals(tls)) {
            protocols.add("/tls/1.0.0");
        }
        if (!Boolean.FALSE.equals(noise)) {
            protocols.add(priority(noise, DEFAULT_NOISE_PRIORITY) < priority(tls, DEFAULT_TLS_PRIORITY) ? 0 : protocols.size(), "/noise");
        }
        if (protocols.isEmpty()) {
            throw new CommandException("Swarm.Transports.Security switches off both TLS and Noise: no connection could be made");
        }
        return protocols;
    }

    private static long priority(Object value, long byDefault) {
        return value instanceof Long number ? number : byDefault;
    }

    /** Other users who may give commands; empty when there are none. */
    Optional<GroupAccess> group() {
        Role role = value(ConfigKey.API_GROUP_ROLE) instanceof String word ? Role.named(word) : Role.READ_ONLY;
        return value(ConfigKey.API_GROUP) instanceof String group ? Optional.of(new GroupAccess(group, role)) : Optional.empty();
    }

    /** Who may give which command. */
    Access access() throws MalformedException {
        return new Access(value(ConfigKey.AUTHORIZATIONS));
    }

    /** The tree without the secrets of API.Authorizations. */
    Map<?, ?> shown() {
        if (!(value(ConfigKey.AUTHORIZATIONS) instanceof Map<?, ?> tokens)) {
            return tree;
        }
        Map<String, Object> hidden = new LinkedHashMap<>();
        tokens.forEach((name, token) -> hidden.put(name.toString(), with((Map<?, ?>) token, "AuthSecret", "(hidden)")));
        return with(tree, ConfigKey.AUTHORIZATIONS.toString(), hidden);
    }

    /** How the DHT is to run; empty when it is switched off. */
    Optional<DhtSettings> dht() {
        String type = value(ConfigKey.ROUTING_TYPE) instanceof String text ? text : "auto";
        DhtMode mode = switch (type) {
            case "autoclient", "dhtclient" -> DhtMode.CLIENT;
            case "dhtserver" -> DhtMode.SERVER;
            default -> DhtMode.AUTO;
        };
        DhtSettings usual = DhtSettings.defaults();
        String prefix = value(ConfigKey.ROUTING_PREFIX) instanceof String text ? text : usual.prefix();
        boolean hasLoopback = Boolean.TRUE.equals(value(ConfigKey.ROUTING_LOOPBACK));
        return type.equals("none") ? Optional.empty() : Optional.of(usual.with(mode, prefix, hasLoopback));
    }

    /** How this node finds out whether it is reached, and whether it tells others about themselves. */
    AutoNatSettings autoNat() {
        AutoNatSettings.Service service = switch (word(ConfigKey.AUTONAT_SERVICE)) {
            case "enabled" -> AutoNatSettings.Service.ENABLED;
            case "disabled" -> AutoNatSettings.Service.DISABLED;
            default -> AutoNatSettings.Service.AUTO;
        };
        Reachability forced = switch (word(ConfigKey.FORCE_REACHABILITY)) {
            case "public" -> Reachability.PUBLIC;
            case "private" -> Reachability.PRIVATE;
            default -> Reachability.UNKNOWN;
        };
        return AutoNatSettings.defaults().with(service, forced);
    }

    /** Empty when it is not set. */
    private String word(ConfigKey key) {
        return value(key) instanceof String text ? text : "";
    }

    /** As listed, {@link #AUTO} among them. */
    List<String> bootstrap() {
        List<?> nodes = value(ConfigKey.BOOTSTRAP) instanceof List<?> list ? list : List.of(AUTO);
        return nodes.stream().map(Object::toString).toList();
    }

    /** Addresses only: the nodes built in in the place of {@link #AUTO}. */
    static List<String> expanded(List<String> bootstrap) {
        List<String> nodes = new ArrayList<>();
        bootstrap.forEach(node -> nodes.addAll(node.equals(AUTO) ? Bootstrap.AUTO : List.of(node)));
        return nodes;
    }

    /** Whether peers of the local network are looked for, and told of this one. */
    boolean isMdnsEnabled() {
        return !Boolean.FALSE.equals(value(ConfigKey.MDNS));
    }

    /** Whether gateways are asked to forward ports. */
    boolean isPortMapping() {
        return !Boolean.TRUE.equals(value(ConfigKey.NO_PORT_MAPPING));
    }

    /** The server asked for /dnsaddr; empty for those that the system is configured with. */
    Optional<InetSocketAddress> dnsResolver() throws MalformedException {
        if (!(value(ConfigKey.DNS_RESOLVER) instanceof String text)) {
            return Optional.empty();
        }
        List<Multiaddr.Component> parts = Multiaddr.parse(text).components();
        return Optional.of(new InetSocketAddress(InetAddress.ofLiteral(parts.get(0).value()), Integer.parseInt(parts.get(1).value())));
    }

    /** How this node relays for others; empty when it does not. */
    Optional<RelayServiceSettings> relayService() throws MalformedException {
        if (!Boolean.TRUE.equals(value(ConfigKey.RELAY_SERVICE))) {
            return Optional.empty();
        }
        RelayServiceSettings usual = RelayServiceSettings.defaults();
        RelayLimit limit = new RelayLimit(duration(ConfigKey.RELAY_DURATION, usual.limit().duration()), number(ConfigKey.RELAY_DATA, usual.limit().data()));
        Set<PeerId> unlimited = new HashSet<>();
        for (Object peer : value(ConfigKey.RELAY_UNLIMITED) instanceof List<?> list ? list : List.of()) {
            unlimited.add(PeerId.parse(peer.toString()));
        }
        int perAddress = (int) number(ConfigKey.RELAY_RESERVATIONS_IP, usual.maximumReservationsPerAddress());
        int circuits = (int) number(ConfigKey.RELAY_CIRCUITS, usual.maximumCircuitsPerPeer());
        return Optional.of(new RelayServiceSettings(limit, duration(ConfigKey.RELAY_TTL, usual.reservationLife()),
                (int) number(ConfigKey.RELAY_RESERVATIONS, usual.maximumReservations()), perAddress,
                Math.max(perAddress, usual.maximumReservationsPerNetwork()), Math.max(circuits, usual.maximumCircuits()), circuits, (circuits + 1) / 2,
                (int) number(ConfigKey.RELAY_BUFFER, usual.bufferSize()), usual.requestTimeout(), usual.connectTimeout(), unlimited));
    }

    private Duration duration(ConfigKey key, Duration byDefault) {
        return value(key) instanceof String text ? GoDuration.parse(text) : byDefault;
    }

    private long number(ConfigKey key, long byDefault) {
        return value(key) instanceof Long number ? number : byDefault;
    }

    /** The saved ones: forwarders first, then listeners, each in the config's order. */
    List<TunnelEntry> tunnels() throws MalformedException {
        List<TunnelEntry> entries = new ArrayList<>();
        entries.addAll(TunnelEntry.list(value(ConfigKey.FORWARDERS) instanceof List<?> list ? list : List.of(), TunnelEntry.OfForwarder::parse));
        entries.addAll(TunnelEntry.list(value(ConfigKey.LISTENERS) instanceof List<?> list ? list : List.of(), TunnelEntry.OfListener::parse));
        return entries;
    }

    /** This config with these saved tunnels in the place of its own. */
    Config withTunnels(List<TunnelEntry> entries) throws CommandException {
        List<Map<String, Object>> forwarders = new ArrayList<>();
        List<Map<String, Object>> listeners = new ArrayList<>();
        for (TunnelEntry entry : entries) {
            (entry instanceof TunnelEntry.OfListener ? listeners : forwarders).add(entry.json());
        }
        return with(ConfigKey.LISTENERS.toString(), listeners).with(ConfigKey.FORWARDERS.toString(), forwarders);
    }

    int highWater() {
        return (int) number(ConfigKey.HIGH_WATER, DEFAULT_HIGH_WATER);
    }
}
