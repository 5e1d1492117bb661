package adit.cli;

import adit.multiformats.Multiaddr;
import adit.pairing.InvitationCode;
import adit.pairing.PairingException;
import adit.swarm.RelayPolicy;
import adit.tunnel.Limits;
import adit.tunnel.Tunnel;
import adit.tunnel.Tunnels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Uses the code that another machine shows. */
final class AcceptCommand extends Command {
    private static final String STANDARD_INPUT = "-";
    private static final int MAXIMUM_BYTES = 4096;

    AcceptCommand() {
        super(new Syntax("accept", "accept", List.of(
                Argument.required("code", "what \"adit invite\" shows there; - for standard input"),
                Argument.required("listen-address", "where to take connections: /ip4/127.0.0.1/tcp/2222 (port 0: any), /unix/PATH")), List.of(),
                "use the code that another machine shows: a saved forwarder to its listener", """
                The other machine lets this one in, and each of the two knows the other's peer id from then on: nothing else can take its place. A code works
                once.

                Example: adit accept adit-aeb... /ip4/127.0.0.1/tcp/2222"""));
    }

    @Override
    byte[] body(Invocation invocation, Terminal terminal) throws IOException {
        return invocation.arguments().getFirst().equals(STANDARD_INPUT) ? terminal.in().readNBytes(MAXIMUM_BYTES) : new byte[0];
    }

    @Override
    void serve(Call call) throws IOException {
        String text = call.argument(0).equals(STANDARD_INPUT) ? new String(call.exchange().body(), StandardCharsets.US_ASCII) : call.argument(0);
        InvitationCode code = InvitationCode.parse(text);
        Multiaddr listen = Multiaddr.parse(call.argument(1));
        // whatever can be refused is refused before the code is used up
        Tunnels.checkForward("/x/any", listen, false);
        if (code.inviter().equals(call.daemon().swarm().self())) {
            throw new CommandException("the code is this daemon's own: accept it on the other machine");
        }
        String protocol;
        try {
            protocol = call.daemon().pairing().accept(code);
        } catch (PairingException refused) {
            throw new CommandException(refused.getMessage(), "ask for another code: adit invite, on the other machine", refused);
        }
        TunnelEntry entry = new TunnelEntry.OfForwarder(protocol, listen, new PeerAddress(code.inviter(), code.addresses()), Limits.NONE,
                RelayPolicy.UNTIL_DIRECT, !protocol.startsWith("/x/"));
        Tunnel forwarder;
        try {
            forwarder = call.daemon().saved().save(entry);
        } catch (IOException | IllegalArgumentException failure) {
            throw new CommandException("this machine may use " + protocol + " now, but there is no forwarder yet: " + Failures.text(failure),
                    "adit forward --save " + protocol + " /ip4/127.0.0.1/tcp/PORT /p2p/" + code.inviter(), failure);
        }
        call.answer(forwarder.listenAddress() + " leads to " + protocol + " of " + code.inviter() + "\n", Json.object()
                .with("Protocol", protocol).with("ListenAddress", forwarder.listenAddress()).with("Peer", code.inviter()));
    }
}
