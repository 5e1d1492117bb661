package adit.cli;

import adit.control.DaemonLock;
import adit.dht.Bootstrap;
import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Shows or changes the list of bootstrap nodes; a running daemon uses it at once. */
final class BootstrapCommand extends ConfigFileCommand {
    private static final String ALL = "all";

    private final Kind kind;

    enum Kind { SHOW, LIST, ADD, REMOVE, REMOVE_ALL }

    BootstrapCommand(Kind kind) {
        super(syntax(kind));
        this.kind = kind;
    }

    private static Syntax syntax(Kind kind) {
        Argument peers = new Argument("peer", false, true, "/ip4/.../p2p/ID, or \"auto\" for the nodes built in");
        Option expand = Option.flag("show the nodes that \"auto\" stands for", "expand-auto");
        return switch (kind) {
            case SHOW -> new Syntax("bootstrap", "bootstrap", List.of(), List.of(expand), "show the nodes that lead into the network",
                    "Example: adit bootstrap");
            case LIST -> new Syntax("bootstrap list", "bootstrap/list", List.of(), List.of(expand), "show the nodes that lead into the network",
                    "Example: adit bootstrap list --expand-auto");
            case ADD -> new Syntax("bootstrap add", "bootstrap/add", List.of(peers), List.of(), "add nodes that lead into the network",
                    "Example: adit bootstrap add /ip4/192.0.2.7/tcp/4001/p2p/12D3KooW...");
            case REMOVE -> new Syntax("bootstrap rm", "bootstrap/rm", List.of(peers), List.of(Option.flag("remove all", ALL)),
                    "remove nodes that lead into the network", """
                    With /p2p/ID all addresses of that node are removed. Without any node this one waits to be found, or is told addresses.

                    Example: adit bootstrap rm --all""");
            case REMOVE_ALL -> new Syntax("bootstrap rm all", "bootstrap/rm/all", List.of(), List.of(),
                    "remove all nodes that lead into the network", "Example: adit bootstrap rm all");
        };
    }

    @Override
    void runOnFile(Invocation invocation, Terminal terminal, ConfigFile file) throws IOException {
        List<String> shown;
        if (isList()) {
            shown = list(file.read(), invocation.flag("expand-auto"));
        } else {
            Change change = change(file.read(), invocation.arguments(), invocation.flag(ALL));
            try (DaemonLock _ = DaemonLock.acquire(terminal.directory())) {
                file.write(change.config());
            }
            shown = change.peers();
        }
        terminal.print(invocation.wantsJson() ? json(shown) + "\n" : text(shown));
    }

    @Override
    void serve(Call call) throws IOException {
        ConfigFile file = call.daemon().directory().configFile();
        List<String> shown;
        if (isList()) {
            shown = list(file.read(), call.flag("expand-auto"));
        } else {
            synchronized (call.daemon()) {
                Change change = change(file.read(), call.arguments(), call.flag(ALL));
                file.write(change.config());
                call.daemon().discovery().useBootstrap(change.config());
                shown = change.peers();
            }
        }
        call.answer(text(shown), json(shown));
    }

    private boolean isList() {
        return kind == Kind.SHOW || kind == Kind.LIST;
    }

    private Json json(List<String> peers) {
        return isList() ? Json.object().withList("Peers", peers) : Json.object().with("Peers", peers);
    }

    private String text(List<String> peers) {
        String word = kind == Kind.ADD ? "added " : isList() ? "" : "removed ";
        StringBuilder text = new StringBuilder();
        peers.stream().sorted().forEach(peer -> text.append(word).append(peer).append('\n'));
        return text.toString();
    }

    private static List<String> list(Config config, boolean isExpanded) throws CommandException {
        return isExpanded ? Config.expanded(config.bootstrap()) : config.bootstrap();
    }

    // ---- changes

    /** @param peers what was added or removed */
    private record Change(Config config, List<String> peers) {}

    private Change change(Config config, List<String> peers, boolean all) throws IOException {
        return kind == Kind.ADD ? add(config, peers) : remove(config, peers, all || kind == Kind.REMOVE_ALL);
    }

    /** New ones come first, as in Kubo. */
    private static Change add(Config config, List<String> peers) throws IOException {
        if (peers.isEmpty()) {
            throw new CommandException("no bootstrap peers to add", "adit bootstrap add auto");
        }
        Set<String> added = new LinkedHashSet<>();
        for (String peer : peers) {
            added.add(peer.equals("default") ? Config.AUTO : checked(peer));
        }
        Set<String> all = new LinkedHashSet<>(added);
        all.addAll(config.bootstrap());
        return new Change(config.with(ConfigKey.BOOTSTRAP.toString(), List.copyOf(all)), List.copyOf(added));
    }

    private static String checked(String peer) throws IOException {
        if (!peer.equals(Config.AUTO)) {
            Multiaddr address = Multiaddr.parse(peer);
            if (address.components().getLast().protocol() != Multiaddr.Protocol.P2P) {
                throw new CommandException("invalid bootstrap address: " + peer,
                        "add the id of the node: " + peer + "/p2p/12D3Koo…");
            }
            if (address.withoutTrailingPeerId().isEmpty()) {
                throw new CommandException("bootstrap address without a transport: " + peer);
            }
        }
        return peer;
    }

    private static Change remove(Config config, List<String> peers, boolean all) throws IOException {
        if (peers.isEmpty() && !all) {
            throw new CommandException("no bootstrap peers to remove", "to remove all: adit bootstrap rm --all");
        }
        List<String> kept = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        for (String listed : config.bootstrap()) {
            boolean isMeant = all;
            for (String peer : peers) {
                isMeant |= means(peer, listed);
            }
            (isMeant ? removed : kept).add(listed);
        }
        for (String peer : peers) {
            if (removed.isEmpty() && kept.contains(Config.AUTO) && Bootstrap.AUTO.stream().anyMatch(each -> means(peer, each))) {
                throw new CommandException(peer + " is one of the nodes built in, which \"auto\" stands for",
                        "list the ones you want with \"adit bootstrap add\", then: adit bootstrap rm auto");
            }
        }
        return new Change(config.with(ConfigKey.BOOTSTRAP.toString(), kept), removed);
    }

    /** The same address, or /p2p/ID for all of that peer. */
    private static boolean means(String given, String listed) {
        if (given.equals(listed) || given.equals("default") && listed.equals(Config.AUTO)) {
            return true;
        }
        try {
            PeerAddress wanted = PeerAddress.parse(given);
            PeerAddress present = PeerAddress.parse(listed);
            PeerId peer = present.peer();
            return wanted.peer().equals(peer) && (wanted.addresses().isEmpty() || wanted.addresses().equals(present.addresses()));
        } catch (IOException noAddress) {
            return false;
        }
    }
}
