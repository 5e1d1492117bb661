package adit.cli;

import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.Swarm;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Shows addresses: those known of peers, those others are told, or those bound. */
final class SwarmAddressesCommand extends Command {
    private final Kind kind;

    enum Kind { KNOWN, ANNOUNCED, BOUND }

    SwarmAddressesCommand(Kind kind) {
        super(syntax(kind));
        this.kind = kind;
    }

    private static Syntax syntax(Kind kind) {
        return switch (kind) {
            case KNOWN -> new Syntax("swarm addrs", "swarm/addrs", List.of(), List.of(), "show the addresses known of peers",
                    "Example: adit swarm addrs");
            case ANNOUNCED -> new Syntax("swarm addrs local", "swarm/addrs/local", List.of(),
                    List.of(Option.flag("with /p2p/ID behind each", "id")), "show the addresses others are told",
                    "Example: adit swarm addrs local --id");
            case BOUND -> new Syntax("swarm addrs listen", "swarm/addrs/listen", List.of(), List.of(), "show the addresses bound",
                    "Example: adit swarm addrs listen");
        };
    }

    @Override
    void serve(Call call) throws IOException {
        Swarm swarm = call.daemon().swarm();
        switch (kind) {
            case KNOWN -> known(call, swarm.addressBook().all());
            case ANNOUNCED -> strings(call, swarm.announcedAddresses(), call.flag("id") ? "/p2p/" + swarm.self() : "");
            case BOUND -> strings(call, swarm.listenAddresses(), "");
        }
    }

    private static void strings(Call call, List<Multiaddr> addresses, String suffix) throws IOException {
        List<String> texts = addresses.stream().map(address -> address + suffix).sorted().toList();
        call.answer(texts.isEmpty() ? "" : String.join("\n", texts) + "\n", Json.object().with("Strings", texts));
    }

    private static void known(Call call, Map<PeerId, List<Multiaddr>> all) throws IOException {
        SortedMap<String, List<String>> sorted = new TreeMap<>();
        all.forEach((peer, addresses) -> sorted.put(peer.toString(), addresses.stream().map(Multiaddr::toString).sorted().toList()));
        StringBuilder text = new StringBuilder();
        sorted.forEach((peer, addresses) -> {
            text.append(peer).append(" (").append(addresses.size()).append(")\n");
            addresses.forEach(address -> text.append('\t').append(address).append('\n'));
        });
        call.answer(text.toString(), Json.object().with("Addrs", sorted));
    }
}
