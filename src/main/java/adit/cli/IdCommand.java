package adit.cli;

import adit.control.DaemonNotRunningException;
import adit.identity.KeyFile;
import adit.identity.PeerId;
import adit.identity.PublicKey;
import adit.multiformats.Multiaddr;
import adit.swarm.IdentifiedPeer;
import adit.swarm.Swarm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/** Shows a peer: this one, or another as it tells of itself. */
final class IdCommand extends Command {
    IdCommand() {
        super(new Syntax("id", "id", List.of(Argument.optional("peerid", "another peer's id or address")), List.of(
                Option.valued("FORMAT", "print this, with <id> <aver> <pubkey> <addrs> <protocols> replaced and \\n \\t understood",
                        "format", "f"),
                Option.valued("BASE", "how to write peer ids: b58mh (default), base36, base32", "peerid-base")),
                "show this peer, or another", """
                Without a daemon it shows what the key tells: the id. Of this peer it also shows how it stands with the DHT.

                Example: adit id -f '<id>\\n'"""));
    }

    /**
     * What is shown.
     *
     * @param routing how it stands with the DHT; null for other peers, and when it is switched off
     */
    private record Shown(PeerId peer, PublicKey key, List<String> addresses, String agent, List<String> protocols, Json routing) {
        Json json(String base) {
            Json json = Json.object().with("ID", IdCommand.text(peer, base)).with("PublicKey", publicKey())
                    .with("Addresses", addresses.isEmpty() ? null : addresses).with("AgentVersion", agent)
                    .with("Protocols", protocols.isEmpty() ? null : protocols);
            return routing == null ? json : json.with("Routing", routing);
        }

        String publicKey() {
            return key == null ? "" : Base64.getEncoder().encodeToString(key.toProtobuf());
        }

        /** Without a format JSON on several lines, as Kubo prints it. */
        String text(String format, String base) {
            if (format == null) {
                return Json.indented(json(base), "\t") + "\n";
            }
            List<String> served = protocols.stream().map(DaemonLog::oneLine).toList();
            return format.replace("<id>", IdCommand.text(peer, base)).replace("<aver>", DaemonLog.oneLine(agent))
                    .replace("<pubkey>", publicKey()).replace("<addrs>", String.join("\n", addresses))
                    .replace("<protocols>", String.join("\n", served))
                    .replace("\\n", "\n").replace("\\t", "\t");
        }
    }

    @Override
    int run(Invocation invocation, Terminal terminal) throws IOException {
        try {
            return super.run(invocation, terminal);
        } catch (DaemonNotRunningException nobody) {
            if (!invocation.arguments().isEmpty() || !new DaemonDirectory(terminal.directory()).hasKey()) {
                throw nobody;
            }
            PublicKey key = KeyFile.read(new DaemonDirectory(terminal.directory()).keyFile()).publicKey();
            Shown shown = new Shown(PeerId.of(key), key, List.of(), "", List.of(), null);
            String base = invocation.option("peerid-base");
            terminal.print(invocation.wantsJson() ? shown.json(base) + "\n" : shown.text(invocation.option("format"), base));
            return 0;
        }
    }

    @Override
    void serve(Call call) throws IOException {
        Swarm swarm = call.daemon().swarm();
        String base = call.option("peerid-base");
        text(swarm.self(), base);
        Shown shown = call.arguments().isEmpty() ? self(call.daemon()) : other(call.daemon(), call.peer(call.argument(0)));
        call.answer(shown.text(call.option("format"), base), shown.json(base));
    }

    private static Shown self(Daemon daemon) {
        Swarm swarm = daemon.swarm();
        return new Shown(swarm.self(), swarm.publicKey(), addresses(swarm.self(), swarm.announcedAddresses()),
                "adit/" + VersionCommand.VERSION, swarm.protocols().stream().sorted().toList(),
                daemon.discovery().dht().map(dht -> RoutingText.json(dht.status())).orElse(null));
    }

    private static Shown other(Daemon daemon, PeerAddress target) throws IOException {
        Swarm swarm = daemon.swarm();
        if (target.peer().equals(swarm.self())) {
            return self(daemon);
        }
        swarm.addressBook().add(target.peer(), target.addresses(), PingCommand.ADDRESS_LIFE);
        swarm.connect(target.peer(), true);
        IdentifiedPeer told = swarm.awaitIdentified(target.peer());
        return new Shown(target.peer(), told.publicKey(), addresses(target.peer(), told.listenAddresses()), told.agentVersion(),
                told.protocols().stream().sorted().toList(), null);
    }

    private static List<String> addresses(PeerId peer, Collection<Multiaddr> addresses) {
        List<String> texts = new ArrayList<>();
        for (Multiaddr address : addresses) {
            texts.add(address + "/p2p/" + peer);
        }
        return texts;
    }

    static String text(PeerId peer, String base) {
        return switch (base == null ? "b58mh" : base) {
            case "b58mh", "base58btc" -> peer.toString();
            case "k", "base36" -> peer.toBase36();
            case "b", "base32" -> peer.toBase32();
            default -> throw new UsageException("base \"" + base + "\" is not known: b58mh, base36 and base32 are", null);
        };
    }
}
