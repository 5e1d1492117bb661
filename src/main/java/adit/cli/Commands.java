package adit.cli;

import java.util.List;

/** All commands. One is made when it is asked for: loading every class would be half the start-up time. */
final class Commands {
    /** In the order of help. */
    static final List<String> NAMES = List.of("init", "daemon", "shutdown", "id", "version",
            "listen", "forward", "ls", "close", "stream ls", "stream close", "grant", "revoke", "grants", "invite", "accept",
            "nc", "status", "why", "metrics", "ping", "swarm connect", "swarm disconnect", "swarm peers", "swarm addrs", "swarm addrs local",
            "swarm addrs listen",
            "peer name", "peer ls", "peer rm", "swarm peering add", "swarm peering ls", "swarm peering rm", "routing findpeer",
            "bootstrap", "bootstrap list", "bootstrap add", "bootstrap rm", "bootstrap rm all", "config", "config show", "config reload",
            "export", "plan", "apply", "log level", "log ls", "log tail", "demo", "help");

    private Commands() {}

    /** The command of that name, "p2p" left out; null when there is none. */
    static Command create(String name) {
        return switch (name) {
            case "init" -> new InitCommand();
            case "daemon" -> new DaemonCommand();
            case "shutdown" -> new ShutdownCommand();
            case "id" -> new IdCommand();
            case "version" -> new VersionCommand();
            case "listen" -> new ListenCommand();
            case "forward" -> new ForwardCommand();
            case "ls" -> new ListCommand();
            case "close" -> new CloseCommand();
            case "stream ls" -> new StreamListCommand();
            case "stream close" -> new StreamCloseCommand();
            case "grant" -> new GrantCommand(GrantCommand.Kind.GRANT);
            case "revoke" -> new GrantCommand(GrantCommand.Kind.REVOKE);
            case "grants" -> new GrantListCommand();
            case "invite" -> new InviteCommand();
            case "accept" -> new AcceptCommand();
            case "demo" -> new DemoCommand();
            case "nc" -> new NcCommand();
            case "nc end" -> new NcEndCommand();
            case "status" -> new StatusCommand();
            case "metrics" -> new MetricsCommand();
            case "config" -> new ConfigCommand();
            case "config show" -> new ConfigShowCommand();
            case "config reload" -> new ConfigReloadCommand();
            case "export" -> new ExportCommand();
            case "plan" -> new PlanCommand(PlanCommand.Kind.PLAN);
            case "apply" -> new PlanCommand(PlanCommand.Kind.APPLY);
            case "log level" -> new LogLevelCommand();
            case "log tail" -> new LogTailCommand();
            case "log ls" -> new LogListCommand();
            case "help" -> new HelpCommand("");
            default -> createForPeers(name);
        };
    }

    /** Those about peers and the way to them. */
    private static Command createForPeers(String name) {
        return switch (name) {
            case "why" -> new WhyCommand();
            case "ping" -> new PingCommand();
            case "swarm connect" -> new SwarmConnectCommand();
            case "swarm disconnect" -> new SwarmDisconnectCommand();
            case "swarm peers" -> new SwarmPeersCommand();
            case "swarm addrs" -> new SwarmAddressesCommand(SwarmAddressesCommand.Kind.KNOWN);
            case "swarm addrs local" -> new SwarmAddressesCommand(SwarmAddressesCommand.Kind.ANNOUNCED);
            case "swarm addrs listen" -> new SwarmAddressesCommand(SwarmAddressesCommand.Kind.BOUND);
            case "swarm peering add" -> new SwarmPeeringCommand(SwarmPeeringCommand.Kind.ADD);
            case "swarm peering ls" -> new SwarmPeeringCommand(SwarmPeeringCommand.Kind.LIST);
            case "swarm peering rm" -> new SwarmPeeringCommand(SwarmPeeringCommand.Kind.REMOVE);
            case "peer name" -> new PeerNameCommand(PeerNameCommand.Kind.SET);
            case "peer ls" -> new PeerNameCommand(PeerNameCommand.Kind.LIST);
            case "peer rm" -> new PeerNameCommand(PeerNameCommand.Kind.REMOVE);
            case "bootstrap" -> new BootstrapCommand(BootstrapCommand.Kind.SHOW);
            case "bootstrap list" -> new BootstrapCommand(BootstrapCommand.Kind.LIST);
            case "bootstrap add" -> new BootstrapCommand(BootstrapCommand.Kind.ADD);
            case "bootstrap rm" -> new BootstrapCommand(BootstrapCommand.Kind.REMOVE);
            case "bootstrap rm all" -> new BootstrapCommand(BootstrapCommand.Kind.REMOVE_ALL);
            case "routing findpeer" -> new RoutingFindPeerCommand();
            default -> null;
        };
    }

    /** The command behind a path of the RPC, "p2p/stream/ls"; null when there is none. */
    static Command ofPath(String path) {
        String words = path.replace('/', ' ');
        Command command = create(words.startsWith("p2p ") ? words.substring(4) : words);
        return command == null || path.isEmpty() || !command.syntax().path().equals(path) ? null : command;
    }

    /** Whether commands exist whose names begin with these words: "stream". */
    static boolean isGroup(String words) {
        if (words.equals("p2p")) {
            return true;
        }
        for (String name : NAMES) {
            if (name.startsWith(words) && name.startsWith(" ", words.length())) {
                return true;
            }
        }
        return false;
    }
}
