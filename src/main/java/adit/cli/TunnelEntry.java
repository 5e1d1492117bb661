package adit.cli;

import adit.identity.PeerId;
import adit.multiformats.MalformedException;
import adit.multiformats.Multiaddr;
import adit.swarm.RelayPolicy;
import adit.tunnel.Grant;
import adit.tunnel.Grants;
import adit.tunnel.Limits;
import adit.tunnel.Tunnel;
import adit.tunnel.Tunnels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A tunnel as the section Tunnels of config.json describes it: what --save writes and what comes up at every start. */
sealed interface TunnelEntry permits TunnelEntry.OfListener, TunnelEntry.OfForwarder {
    /** Of each kind: as many as one config may hold. */
    int MAXIMUM = 1000;

    /** The tunnel's name, "/x/ssh". */
    String protocol();

    /** What no other tunnel may share with it: "listener /x/ssh", "forwarder on /ip4/127.0.0.1/tcp/2222". */
    String key();

    /** As the config has it; what is as usual is left out. */
    Map<String, Object> json();

    /** Throws as the tunnels do; a forwarder may block while a name is resolved. */
    Tunnel open(Tunnels tunnels) throws IOException;

    /** Where it takes connections, as {@link Tunnel#listenAddress}. */
    String listenAddress(PeerId self);

    /** Where they go, as {@link Tunnel#targetAddress}. */
    String targetAddress();

    /** "listener" or "forwarder". */
    String kind();

    /** "listener /x/ssh", as the log names it. */
    String name();

    /** The side with the service. */
    record OfListener(String protocol, Multiaddr target, Grants grants, Limits limits, boolean reportPeerId, boolean allowCustomProtocol)
            implements TunnelEntry {
        private static final List<String> FIELDS = List.of("Protocol", "TargetAddress", "Allow", "MaxStreams", "Rate", "ReportPeerID",
                "AllowCustomProtocol");

        static OfListener parse(Object json) throws MalformedException {
            JsonFields fields = new JsonFields(json, FIELDS);
            OfListener entry = new OfListener(fields.string("Protocol"), Multiaddr.parse(fields.string("TargetAddress")), grants(fields),
                    limitsOf(fields),
                    fields.flag("ReportPeerID"), fields.flag("AllowCustomProtocol"));
            checked(() -> Tunnels.checkListen(entry.protocol, entry.target, entry.allowCustomProtocol));
            return entry;
        }

        /** Without Allow anyone may use it, with an empty one nobody. */
        private static Grants grants(JsonFields fields) throws MalformedException {
            List<Grant> grants = new ArrayList<>();
            for (String text : fields.strings("Allow")) {
                grants.add(GrantText.saved(text));
            }
            try {
                return fields.has("Allow") ? Grants.only(grants) : Grants.ANYONE;
            } catch (IllegalArgumentException tooMany) {
                throw new MalformedException("Allow: " + tooMany.getMessage(), tooMany);
            }
        }

        OfListener withGrants(Grants changed) {
            return new OfListener(protocol, target, changed, limits, reportPeerId, allowCustomProtocol);
        }

        @Override public String key() {
            return name();
        }

        @Override public Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("Protocol", protocol);
            json.put("TargetAddress", target.toString());
            if (!grants.isAnyone()) {
                json.put("Allow", grants.list().stream().map(Grant::toString).toList());
            }
            putLimits(limits, json);
            if (reportPeerId) {
                json.put("ReportPeerID", true);
            }
            if (allowCustomProtocol) {
                json.put("AllowCustomProtocol", true);
            }
            return json;
        }

        @Override public Tunnel open(Tunnels tunnels) {
            return tunnels.listen(protocol, target, reportPeerId, allowCustomProtocol, true, grants, limits);
        }

        @Override public String listenAddress(PeerId self) {
            return "/p2p/" + self;
        }

        @Override public String targetAddress() {
            return target.toString();
        }

        @Override public String kind() {
            return "listener";
        }

        @Override public String name() {
            return kind() + " " + protocol;
        }
    }

    /** The side with the client. */
    record OfForwarder(String protocol, Multiaddr listen, PeerAddress target, Limits limits, RelayPolicy relays, boolean allowCustomProtocol)
            implements TunnelEntry {
        private static final List<String> FIELDS = List.of("Protocol", "ListenAddress", "TargetAddress", "MaxStreams", "Rate",
                "Relay", "AllowCustomProtocol");

        static OfForwarder parse(Object json) throws MalformedException {
            JsonFields fields = new JsonFields(json, FIELDS);
            PeerAddress target;
            try {
                target = PeerAddress.parse(fields.string("TargetAddress"));
            } catch (CommandException noPeer) {
                throw new MalformedException(noPeer.getMessage(), noPeer);
            }
            OfForwarder entry = new OfForwarder(fields.string("Protocol"), Multiaddr.parse(fields.string("ListenAddress")), target, limitsOf(fields),
                    fields.has("Relay") ? policy(fields.string("Relay")) : RelayPolicy.UNTIL_DIRECT, fields.flag("AllowCustomProtocol"));
            checked(() -> Tunnels.checkForward(entry.protocol, entry.listen, entry.allowCustomProtocol));
            return entry;
        }

        private static RelayPolicy policy(String word) throws MalformedException {
            RelayPolicy policy = RelayPolicy.named(word);
            if (policy == null) {
                throw new MalformedException("Relay must be one of " + RelayPolicy.words());
            }
            return policy;
        }

        /** With port 0 the kernel finds each a place of its own. */
        @Override public String key() {
            return listen.toString().endsWith("/tcp/0") ? name() + " to " + target.peer() : "forwarder on " + listen;
        }

        @Override public Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("Protocol", protocol);
            json.put("ListenAddress", listen.toString());
            json.put("TargetAddress", (target.addresses().isEmpty() ? "" : target.addresses().getFirst()) + targetAddress());
            putLimits(limits, json);
            if (relays != RelayPolicy.UNTIL_DIRECT) {
                json.put("Relay", relays.toString());
            }
            if (allowCustomProtocol) {
                json.put("AllowCustomProtocol", true);
            }
            return json;
        }

        @Override public Tunnel open(Tunnels tunnels) throws IOException {
            return tunnels.forward(protocol, listen, target.peer(), target.addresses(), allowCustomProtocol, limits, relays);
        }

        @Override public String listenAddress(PeerId self) {
            return listen.toString();
        }

        @Override public String targetAddress() {
            return "/p2p/" + target.peer();
        }

        @Override public String kind() {
            return "forwarder";
        }

        @Override public String name() {
            return kind() + " " + protocol + " on " + listen;
        }
    }

    private static Limits limitsOf(JsonFields fields) throws MalformedException {
        return new Limits((int) fields.number("MaxStreams", Integer.MAX_VALUE), fields.number("Rate", Limits.MAXIMUM));
    }

    private static void putLimits(Limits limits, Map<String, Object> json) {
        if (limits.streams() > 0) {
            json.put("MaxStreams", (long) limits.streams());
        }
        if (limits.bytesPerSecond() > 0) {
            json.put("Rate", limits.bytesPerSecond());
        }
    }

    /** One kind of entries. */
    interface Parser {
        /** @throws MalformedException with the reason */
        TunnelEntry parse(Object json) throws MalformedException;
    }

    /** @throws MalformedException with the number of the entry that is wrong, too many or there twice */
    static List<TunnelEntry> list(List<?> values, Parser parser) throws MalformedException {
        if (values.size() > MAXIMUM) {
            throw new MalformedException("must be at most " + MAXIMUM + " tunnels, not " + values.size());
        }
        List<TunnelEntry> entries = new ArrayList<>();
        Set<String> keys = new LinkedHashSet<>();
        for (Object value : values) {
            try {
                TunnelEntry entry = parser.parse(value);
                if (!keys.add(entry.key())) {
                    throw new MalformedException(entry.key() + " is there twice");
                }
                entries.add(entry);
            } catch (MalformedException wrong) {
                throw new MalformedException("tunnel " + (entries.size() + 1) + ": " + wrong.getMessage(), wrong);
            }
        }
        return entries;
    }

    private static void checked(Runnable check) throws MalformedException {
        try {
            check.run();
        } catch (IllegalArgumentException refused) {
            throw new MalformedException(refused.getMessage(), refused);
        }
    }
}
