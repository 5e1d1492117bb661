package adit.cli;

import adit.dht.Dht;
import adit.dht.KnownPeer;
import adit.dht.SearchEvent;
import adit.identity.PeerId;
import adit.multiformats.Multiaddr;
import adit.swarm.DialFailedException;
import adit.swarm.Swarm;
import java.io.IOException;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Looks for the addresses of a peer by its id, and tries them. */
final class RoutingFindPeerCommand extends Command {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    /** Kubo's numbers of the events that end a search. */
    private static final int FINAL_PEER = 2;
    private static final int QUERY_ERROR = 3;

    RoutingFindPeerCommand() {
        super(new Syntax("routing findpeer", "routing/findpeer", List.of(Argument.required("peer", "the peer's id")),
                List.of(Option.flag("print the steps of the search too", "verbose", "v")),
                "find the addresses of a peer by its id", "Example: adit routing findpeer 12D3KooW..."));
    }

    @Override
    void serve(Call call) throws IOException {
        PeerId peer = call.peer(call.argument(0)).peer();
        Swarm swarm = call.daemon().swarm();
        if (peer.equals(swarm.self())) {
            throw new CommandException("finding your own node in the DHT is currently not supported");
        }
        Dht dht = call.daemon().discovery().dht().orElse(null);
        if (dht == null && !swarm.isConnected(peer)) {
            throw new CommandException("routing is switched off", "switch it on: adit config Routing.Type auto");
        }
        Steps steps = new Steps(call);
        String reason = "";
        try {
            if (dht != null) {
                dht.watch(peer, steps);
            }
            swarm.connect(peer, true);
        } catch (DialFailedException failure) {
            reason = Failures.text(failure);
        } finally {
            if (dht != null) {
                dht.unwatch(peer, steps);
            }
        }
        List<Multiaddr> addresses = swarm.addressBook().addresses(peer);
        if (addresses.isEmpty()) {
            steps.notFound(event("", QUERY_ERROR, List.of(), "routing: not found"));
            throw new CommandException("routing: not found: " + reason, call.daemon().discovery().hint(new PeerAddress(peer, List.of())));
        }
        finish(steps, peer, addresses, reason);
    }

    private static void finish(Steps steps, PeerId peer, List<Multiaddr> addresses, String reason) throws IOException {
        StringBuilder text = new StringBuilder();
        addresses.forEach(address -> text.append(address).append('\n'));
        steps.result(text.toString(), event("", FINAL_PEER, List.of(new KnownPeer(peer, addresses)), ""));
        if (!reason.isEmpty()) {
            throw new CommandException("found, but it does not answer: " + reason);
        }
    }

    private static Json event(String peer, int type, List<KnownPeer> responses, String extra) {
        List<Json> all = new ArrayList<>();
        responses.forEach(each -> all.add(Json.object().withList("Addrs", each.addresses()).with("ID", each.id())));
        return Json.object().with("Extra", extra).with("ID", peer).with("Responses", all.isEmpty() ? null : all).with("Type", type);
    }

    private static String line(String text) {
        return LocalTime.now().format(TIME) + ": " + text + "\n";
    }

    /** Sends the steps as they come, from several threads; the monitor keeps them apart. */
    private static final class Steps implements Consumer<SearchEvent> {
        private final Call call;
        private final boolean isVerbose;
        private boolean isGone;

        Steps(Call call) {
            this.call = call;
            isVerbose = call.flag("verbose");
        }

        @Override public synchronized void accept(SearchEvent event) {
            String text = switch (event.kind()) {
                case SENDING_QUERY -> "* querying " + event.peer();
                case PEER_RESPONSE -> "* " + event.peer() + " says use "
                        + event.responses().stream().map(each -> each.id().toString()).collect(Collectors.joining(" "));
                case QUERY_ERROR -> "error: " + event.text();
            };
            if (!isGone) {
                Json json = event(event.peer().toString(), event.kind().number(), event.responses(), event.text());
                // who tells of a step is interrupted at any moment when enough is known, and an interrupt closes the channel that it meets
                isGone = !CompletableFuture.supplyAsync(() -> isTold(line(text), json), Thread::startVirtualThread).join();
            }
        }

        private boolean isTold(String text, Json json) {
            try {
                emitDetail(text, json);
                return true;
            } catch (IOException clientIsGone) {
                return false;
            }
        }

        /** For who asked for the steps, and for programs. */
        private void emitDetail(String text, Json json) throws IOException {
            if (isVerbose || !call.isText()) {
                call.emit(text, json);
            }
        }

        synchronized void notFound(Json json) throws IOException {
            isGone = true;
            emitDetail("", json);
        }

        /** What the search came to; steps that come late are not told any more. */
        synchronized void result(String text, Json json) throws IOException {
            isGone = true;
            call.emit(text, json);
        }
    }
}
