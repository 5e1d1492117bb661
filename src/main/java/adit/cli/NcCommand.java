package adit.cli;

import adit.control.ControlClient;
import adit.control.ControlExchange;
import adit.control.ControlResponse;
import adit.control.UpgradeRefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Standard input and output as the client of a tunnel. The control connection is upgraded to a raw one; then the daemon sends one line,
 * "open NUMBER" or "error TEXT", and the stream's bytes follow. When both directions have ended the client asks how they ended.
 */
final class NcCommand extends Command {
    static final String PROTOCOL = "adit-nc";
    private static final String OPEN = "open ";
    private static final int MAXIMUM_LINE = 16 * 1024;
    private static final int BUFFER_BYTES = 64 * 1024;

    NcCommand() {
        super(new Syntax("nc", "p2p/nc", List.of(
                Argument.required("protocol", "name of the tunnel, /x/NAME"),
                Argument.required("peer", "the peer: its id, /p2p/ID or a full address")),
                List.of(Option.valued("POLICY", ForwardCommand.RELAY_HELP, "relay"),
                        Option.flag("the name may lie outside /x/", "allow-custom-protocol")),
                "connect standard input and output to a peer's service", """
                The end of standard input goes to the service as the end of that direction; its answer still arrives.

                Example: ssh -o ProxyCommand='adit nc /x/ssh 12D3KooW...' user@host"""));
    }

    @Override
    int run(Invocation invocation, Terminal terminal) throws IOException {
        DaemonRequest request = new DaemonRequest(invocation, terminal);
        ControlClient client = request.client();
        ControlExchange.Upgraded upgraded;
        try {
            upgraded = client.upgrade("/api/v0/p2p/nc", request.query(), PROTOCOL);
        } catch (UpgradeRefusedException refused) {
            throw DaemonRequest.failure(refused.status(), refused.body());
        }
        try (SocketChannel channel = upgraded.channel()) {
            ByteBuffer received = ByteBuffer.allocate(BUFFER_BYTES).put(upgraded.initial()).flip();
            String line = readLine(channel, received);
            if (!line.startsWith(OPEN)) {
                ErrorAnswer error = ErrorAnswer.parse(500, line.getBytes(StandardCharsets.UTF_8));
                throw new CommandException(error.message(), error.hint());
            }
            Thread.ofPlatform().daemon().name("input").start(() -> inputLoop(terminal, channel));
            copyOutput(terminal, channel, received);
            checkEnd(client, line.substring(OPEN.length()));
        }
        return 0;
    }

    private static String readLine(SocketChannel channel, ByteBuffer received) throws IOException {
        StringBuilder line = new StringBuilder();
        for (;;) {
            while (received.hasRemaining()) {
                char c = (char) (received.get() & 0xff);
                if (c == '\n') {
                    return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                }
                line.append(c);
            }
            int length = line.length() > MAXIMUM_LINE ? -1 : channel.read(received.clear());
            received.flip();
            if (length < 0) {
                throw new CommandException("the daemon closed the connection before the stream was open");
            }
        }
    }

    private static void copyOutput(Terminal terminal, SocketChannel channel, ByteBuffer received) throws IOException {
        while (received.hasRemaining() || channel.read(received.clear()) >= 0 && received.flip() != null) {
            terminal.out().write(received.array(), received.position(), received.remaining());
            terminal.out().flush();
            received.position(received.limit());
        }
    }

    private static void inputLoop(Terminal terminal, SocketChannel channel) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            for (int length = terminal.in().read(buffer); length >= 0; length = terminal.in().read(buffer)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            channel.shutdownOutput();
        } catch (IOException over) {
            // the daemon tells how the stream ended
        }
    }

    /** Waits until the other direction has ended, too. */
    private static void checkEnd(ControlClient client, String number) throws IOException {
        try (ControlResponse response = client.request("/api/v0/p2p/nc/end", List.of(Map.entry("arg", number)))) {
            if (response.status() != 200) {
                throw DaemonRequest.failure(response.status(), response.body().readNBytes(MAXIMUM_LINE));
            }
        }
    }

    @Override
    void serve(Call call) throws IOException {
        PeerAddress target = call.peer(call.argument(1));
        call.daemon().swarm().addressBook().add(target.peer(), target.addresses(), PingCommand.ADDRESS_LIFE);
        ControlExchange.Upgraded upgraded = call.exchange().upgrade(PROTOCOL);
        NcOutcomes outcomes = call.daemon().ncOutcomes();
        long number = outcomes.begin();
        try (SocketChannel channel = upgraded.channel()) {
            IOException failure = null;
            try {
                failure = call.daemon().tunnels().connect(call.argument(0), target.peer(), call.flag("allow-custom-protocol"), ForwardCommand.relays(call), channel,
                        upgraded.initial(), () -> writeLine(channel, OPEN + number));
            } catch (IOException | IllegalArgumentException refused) {
                writeLine(channel, Json.object().with("Message", Failures.text(refused)).toString());
                failure = new IOException(Failures.text(refused), refused);
            } finally {
                outcomes.end(number, failure);
            }
        }
    }

    private static void writeLine(SocketChannel channel, String line) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException clientIsGone) {
            // the copy loop, or nobody, notices next
        }
    }
}
