package adit.cli;

import adit.tunnel.LiveStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Shows the connections that go through tunnels now. */
final class StreamListCommand extends Command {
    StreamListCommand() {
        super(new Syntax("stream ls", "p2p/stream/ls", List.of(), List.of(Option.flag("print a line of headers first", "headers", "v")),
                "show the connections going through tunnels", "Example: adit stream ls -v"));
    }

    @Override
    void serve(Call call) throws IOException {
        Table table = new Table(call.flag("headers") ? List.of("ID", "Protocol", "Origin", "Target") : null);
        PeerNames names = call.daemon().names();
        List<Json> all = new ArrayList<>();
        for (LiveStream stream : call.daemon().tunnels().streams()) {
            String id = Long.toString(stream.id());
            table.row(id, stream.protocol(), names.beside(stream.originAddress()), names.beside(stream.targetAddress()));
            all.add(Json.object().with("HandlerID", id).with("Protocol", stream.protocol()).with("OriginAddress", stream.originAddress())
                    .with("TargetAddress", stream.targetAddress()).with("Opened", stream.opened().toString())
                    .with("BytesReceived", stream.received()).with("BytesSent", stream.sent()));
        }
        call.answer(table.toString(), Json.object().withList("Streams", all));
    }
}
